/** Says something to who listens instead of looking, and shows for a moment what was done to who looks. */

let region: HTMLElement | null = null;

/** The element that is read out; set once by the frame of the page. */
export function setAnnouncer(element: HTMLElement | null): void {
  region = element;
}

export function announce(text: string): void {
  if (!region) return;
  // The same words twice are news twice.
  region.textContent = '';
  setTimeout(() => {
    if (region) region.textContent = text;
  }, 50);
}
