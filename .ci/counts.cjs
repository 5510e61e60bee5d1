// Mocha's "spec" reporter, and at the end the counts in a line of their own.
'use strict'
const { reporters } = require('mocha')

module.exports = class Counts extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    runner.once('end', () => console.log(`${this.stats.passes} passed, ${this.stats.failures} failed`))
  }
}
