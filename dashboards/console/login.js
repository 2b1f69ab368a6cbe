// A token in exchange for a session.
const form = document.getElementById('form');
const notice = document.getElementById('notice');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const token = document.getElementById('token').value.trim();
  try {
    const response = await fetch('/api/v1/session', { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    const answer = await response.json();
    if (response.ok) location.reload();
    else notice.textContent = [answer.message, answer.hint].filter(Boolean).join(' ');
  } catch {
    notice.textContent = 'Weir does not answer.';
  }
});
