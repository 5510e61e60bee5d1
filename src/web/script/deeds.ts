/** Buttons that only a script can answer: `data-does` names what they do. */

export function onDeed(name: string, act: () => void): void {
  document.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest(`[data-does="${name}"]`) !== null) act()
  })
}
