import { expect } from 'chai'
import { createMetrics } from '../../src/server/metrics.ts'

describe('metrics', () => {
  it('count what happens', async () => {
    const metrics = createMetrics()
    metrics.connection('nntp', true)
    metrics.connection('nntp', false)
    metrics.command('GROUP', 211)
    metrics.command('GROUP', 211)
    metrics.article('rejected', 'duplicate')
    metrics.withdrawal('cancel', 'refused')
    metrics.commit(12, 0.002)
    const lines = (await metrics.text()).split('\n')
    expect(lines).to.include.members([
      'tidings_connections_total{kind="nntp",outcome="taken"} 1',
      'tidings_connections_total{kind="nntp",outcome="refused"} 1',
      'tidings_commands_total{name="GROUP",code="211"} 2',
      'tidings_articles_total{verdict="rejected",reason="duplicate"} 1',
      'tidings_cancels_total{how="cancel",result="refused"} 1',
      'tidings_articles_committed_total 12',
      'tidings_commit_seconds_count 1',
      'tidings_commit_seconds_bucket{le="0.003"} 1',
      'tidings_commit_seconds_bucket{le="0.001"} 0',
    ])
  })

  it('read gauges when asked, and forget peers that are gone', async () => {
    const metrics = createMetrics()
    const expiry = { articles: 4, octets: 2000, lastRun: 50, oldest: 40 }
    const search = { behind: 4, articles: 5, octets: 6 }
    const gauges = { groups: 3, articles: 7, connections: 1, journalBytes: 99, expiry, search }
    const a = {
      name: 'a',
      lag: 5,
      lagSeconds: 9,
      up: true,
      sent: { accepted: 7, rejected: 0 },
      received: [{ outcome: 'refused', reason: 'too-old', count: 2 }],
    }
    metrics.observe(() => ({ ...gauges, peers: [a] }))
    const lines = [
      'tidings_groups 3',
      'tidings_expired_articles_total 4',
      'tidings_expired_bytes_total 2000',
      'tidings_expiry_last_run_seconds 50',
      'tidings_oldest_article_seconds 40',
      'tidings_search_lag_arrivals 4',
      'tidings_search_articles 5',
      'tidings_search_bytes 6',
      'tidings_peer_lag_arrivals{peer="a"} 5',
      'tidings_peer_lag_seconds{peer="a"} 9',
      'tidings_peer_up{peer="a"} 1',
      'tidings_articles_sent_total{peer="a",outcome="accepted"} 7',
      'tidings_articles_sent_total{peer="a",outcome="rejected"} 0',
      'tidings_articles_received_total{peer="a",outcome="refused",reason="too-old"} 2',
    ]
    // Counts of the node, not of the looks.
    for (let look = 0; look < 2; look++) expect((await metrics.text()).split('\n')).to.include.members(lines)
    metrics.observe(async () => ({ ...gauges, peers: [] }))
    expect(await metrics.text()).to.not.contain('peer="a"')
  })

  it('are apart for each node, and of the process only where wanted', async () => {
    const one = createMetrics()
    createMetrics().command('HELP', 100)
    expect(await one.text())
      .to.not.contain('name="HELP"')
      .and.not.contain('process_cpu')
    expect(await createMetrics({ runtime: true }).text()).to.contain('process_cpu')
  })
})
