/** Real articles and lists for those who have them: the folder that the variable TIDINGS_CORPUS names. */

/** A suite that exists only where there is a corpus; nothing of it lies in the repository. */
export function corpusSuite(title: string, define: (folder: string) => void): void {
  const folder = process.env.TIDINGS_CORPUS ?? ''
  if (folder === '') return
  describe(`corpus: ${title}`, function () {
    this.timeout(300_000)
    define(folder)
  })
}
