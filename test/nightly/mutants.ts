/** Guards of durability, each with the code that goes without it. A test of durability must notice every one. */

export interface Mutant {
  readonly what: string
  /** Compiled, below `dist/src`. */
  readonly file: string
  /** Once in the file; white space counts as one blank. */
  readonly from: string
  readonly to: string
  /** What is known to notice it: the power cut of a real disk alone, or the quick tests. */
  readonly seenBy?: 'power' | 'faults'
}

const journal = 'storage/journal/journal.js'
const committer = 'storage/commit/committer.js'
const draft = 'storage/commit/draft.js'
const withdraw = 'feed/apply/withdraw.js'

export const mutants: readonly Mutant[] = [
  {
    what: 'a frame is not synced',
    file: journal,
    from: 'await this.#durable(() => current.file.sync()); if (!current.listed)',
    to: 'if (!current.listed)',
  },
  {
    what: 'the name of a new file is not synced',
    file: journal,
    from: 'if (!current.listed) await this.#durable(() => this.#disk.syncDirectory());',
    to: '',
  },
  {
    what: 'what a failed write left is not cut off',
    file: journal,
    from: 'await current.file.truncate(current.entry.size);',
    to: '',
  },
  {
    what: 'a file with records that no checkpoint covers is removed',
    file: journal,
    from: 'next.first - 1 > this.#covered',
    to: 'next.first - 1 > this.#covered + 5',
  },
  {
    what: 'a checkpoint claims more than it was told',
    file: journal,
    from: 'this.#encoder.checkpoint(this.#sequence + 1, sequence)',
    to: 'this.#encoder.checkpoint(this.#sequence + 1, this.#sequence)',
  },
  {
    what: 'the removal of files is not synced one by one',
    file: journal,
    from: 'this.#files.shift(); await this.#durable(() => this.#disk.syncDirectory());',
    to: 'this.#files.shift();',
  },
  {
    what: 'a failed sync is passed over',
    file: journal,
    from: 'this.#dead = new SyncFailed(error); throw this.#dead;',
    to: '',
  },
  {
    what: 'a failed sync is tried again',
    file: journal,
    from: 'this.#dead = new SyncFailed(error); throw this.#dead;',
    to: 'await sync();',
  },
  {
    what: 'a torn end is not cut off at the start',
    file: journal,
    from: 'if ((await file.size()) > entry.size) await file.truncate(entry.size);',
    to: '',
  },
  {
    what: 'what the process before wrote is not synced at the start',
    file: journal,
    from: 'await this.#durable(() => file.sync()); await this.#durable(() => this.#disk.syncDirectory()); } /** The current',
    to: '} /** The current',
  },
  {
    what: 'the sequence does not count the records',
    file: journal,
    from: 'this.#sequence += records.length;',
    to: 'this.#sequence += 1;',
  },
  {
    what: 'checksums of frames are not looked at',
    file: 'storage/journal/frame-reader.js',
    from: '|| !isIntact(octets, header)',
    to: '',
  },
  {
    what: 'an intact frame behind a damaged one is not looked for',
    file: 'storage/journal/frame-reader.js',
    from: 'header.first >= sequence) return at + found;',
    to: 'header.first >= sequence) return undefined;',
  },
  {
    what: 'a damaged frame in an older file is skipped',
    file: 'storage/journal/journal-files.js',
    from: 'if (file !== found.files.at(-1))',
    to: 'if (false)',
  },
  {
    what: 'records missing before the first file are not noticed',
    file: 'storage/journal/journal-files.js',
    from: 'oldest.first > found.covered + 1',
    to: 'false',
  },
  {
    what: 'answers do not wait for the journal',
    file: committer,
    from: 'const kept = await this.#keep(records);',
    to: 'const kept = true; void this.#keep(records);',
  },
  {
    what: 'readers see it before the databases have it',
    file: committer,
    from: 'await this.#writer.write(records);',
    to: 'void this.#writer.write(records).catch(() => undefined);',
  },
  {
    what: 'a failed sync does not end the process',
    file: committer,
    from: 'if (error instanceof SyncFailed) { this.#end(error); return []; }',
    to: '',
  },
  {
    what: 'a full disk does not pause the intake',
    file: committer,
    from: "this.pause('space', new Reason('no-space'));",
    to: '',
  },
  {
    what: 'a database that failed to write is not written again',
    file: 'storage/commit/database-writer.js',
    from: 'stuck(name, true); if (stop.aborted)',
    to: 'stuck(name, false); return; if (stop.aborted)',
  },
  {
    what: 'a flush that proves nothing is believed',
    file: 'storage/journal/checkpoint.js',
    from: 'if (await store.flush())',
    to: 'if ((await store.flush()) || true)',
  },
  {
    what: 'a checkpoint goes on though a database did not flush',
    file: 'storage/journal/checkpoint.js',
    from: 'if (bad.length > 0)',
    to: 'if (false)',
  },
  {
    what: 'LevelDB is believed to have flushed',
    file: 'storage/database/level-store.js',
    from: 'if (before.some(name => after.has(name))) return false;',
    to: '',
  },
  {
    what: 'a database is written on after a failed write',
    file: 'storage/database/level-store.js',
    from: 'catch (error) { this.#failure = error; throw error; }',
    to: 'catch (error) { throw error; }',
  },
  {
    what: 'the replay leaves out a database',
    file: 'storage/opening/recovery.js',
    from: 'if (own.length > 0)',
    to: "if (own.length > 0 && name !== 'state')",
  },
  {
    what: 'the mark of a whole index comes before the index is on disk',
    file: 'storage/index/index-rebuild.js',
    from: 'if (articles > 0) await settle(stores, journal);',
    to: '',
  },
  {
    what: 'counters are not written',
    file: draft,
    from: 'if (this.#counters[name] !== this.#base.counters[name])',
    to: 'if (false)',
  },
  {
    what: 'marks are not written',
    file: draft,
    from: "this.put('state', marksKey(group.id), encodeMarks(group));",
    to: ';',
  },
  {
    what: 'history is not written',
    file: draft,
    from: "this.put('index', historyKey(hash), this.wide(arrival));",
    to: '',
  },
  {
    what: 'the id of a cancelled article is not kept',
    file: draft,
    from: "this.put('state', goneKey(hash), encodeGone(gone));",
    to: '',
  },
  {
    what: 'the filter of known ids lacks the new ones',
    file: draft,
    from: 'this.#base.filter.add(named.hash);',
    to: '',
  },
  {
    what: 'an article that was cancelled before it came is taken',
    file: withdraw,
    from: 'if (lock === undefined)',
    to: '',
  },
  {
    what: 'a cancel is not carried out in the commit of its article',
    file: withdraw,
    from: "if (result === 'done')",
    to: 'if (false)',
  },
  {
    what: 'a cancel is not remembered',
    file: withdraw,
    from: 'await draft.cancels.remember(target, lock);',
    to: ';',
  },
  {
    what: 'a cancel needs no key',
    file: withdraw,
    from: 'if (isOpened(locks, opens))',
    to: '',
  },
  {
    what: 'a duplicate is stored',
    file: 'feed/apply/file-article.js',
    from: "if (known) return entry.keep ? addFiling(entry, known.have, draft) : { kind: 'duplicate' };",
    to: '',
  },
  {
    what: 'fdatasync is left out',
    file: 'storage/disk/node-disk.js',
    from: 'return this.#handle.datasync();',
    to: 'return Promise.resolve();',
    seenBy: 'power',
  },
  {
    what: 'the checksum of a record is not looked at',
    file: 'storage/article/record.js',
    from: 'if (record.readUInt32BE(0) !== crc32(record.subarray(4)))',
    to: 'if (false)',
  },
]
