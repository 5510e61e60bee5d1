/** A tree that stands beside its article and is longer than the window shows the line of that article. */

export function showInTree(): void {
  const line = document.querySelector<HTMLElement>('.conversation [aria-current="true"]')
  const tree = line?.closest<HTMLElement>('.conversation')
  if (line === null || !tree || tree.scrollHeight <= tree.clientHeight) return
  // The page itself stays where it is.
  const below = line.getBoundingClientRect().top - tree.getBoundingClientRect().top
  tree.scrollTop += below - tree.clientHeight / 2
}
