/** The page of who is not logged in: a token in exchange for a session. */
const form = document.querySelector<HTMLFormElement>('#form');
const notice = document.querySelector<HTMLElement>('#notice');
const token = document.querySelector<HTMLInputElement>('#token');

async function logIn(): Promise<void> {
  try {
    const response = await fetch('/api/v1/session', { method: 'POST', headers: { authorization: `Bearer ${token?.value.trim() ?? ''}` } });
    const answer = (await response.json()) as { message?: string; hint?: string };
    if (response.ok) location.reload();
    else if (notice) notice.textContent = [answer.message, answer.hint].filter(Boolean).join(' ');
  } catch {
    if (notice) notice.textContent = 'Weir does not answer.';
  }
}

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  void logIn();
});
