/**
 * Finds papers as citizens say it and agents type it: by beginnings, by stem, by likeness, with synonyms, and
 * without the words that say nothing (docs/rules/knowledge.md). Rare words count for more, and so does the title.
 */
import { sql, type RawBuilder } from 'kysely'
import type { Day } from '../../city/day.ts'
import type { PaperId } from '../../city/knowledge/paper.ts'
import { stopWords } from '../../city/knowledge/stop-words.ts'
import type { Database } from '../database.ts'

export interface FoundPaper {
  readonly id: PaperId
  readonly version: number
  readonly title: string
  readonly domain: string
  readonly problem: string
  /** Its time has run out. */
  readonly over: boolean
  readonly reviewedAt: Day
}

/** Characters of a search that are read; who tells a whole story has said by then what it is about. */
const searchTextMax = 200

/** Words of a search, known words that they may mean, and papers that are looked at more closely: as many as matter. */
const termsMax = 40
const nearMax = 400
const rankedMax = 60

/** Best first. A text without any word that says something finds nothing. */
export async function searchPapers(
  db: Database,
  question: { readonly text: string; readonly day: Day; readonly limit: number },
): Promise<FoundPaper[]> {
  const { text, day, limit } = question
  const found = await sql<FoundPaper>`
    with ${inForce(day)},
    ${termsOf(text)},
    -- Every known word that a term may mean, and how surely.
    near as materialized (
      select terms.word as term, known.word, max(known.sure) as sure
      from terms cross join lateral (
        select word, case when word = terms.word then 1.0 else 0.9 end as sure
        from paper_vocabulary where stem = terms.stem
        union all
        select word, case when terms.is_last then 0.85 else 0.7 end
        from paper_vocabulary
        where word >= terms.word and word < terms.word || '{'
          and length(terms.word) >= case when terms.is_last then 2 else 4 end
        union all
        select word, 0.8 * similarity(word, terms.word)
        from paper_vocabulary
        where length(terms.word) >= 4 and word % terms.word and similarity(word, terms.word) >= 0.4
          -- A word that is known as it stands is no slip of the fingers.
          and not exists (select from paper_vocabulary exact where exact.word = terms.word)
      ) known
      group by 1, 2
      order by 3 desc
      limit ${nearMax}
    ),
    hits as materialized (
      select near.term, in_force.paper, in_force.version, max(near.sure * said.weight) as good
      from near
      -- By the key of each word: left to choose, the planner reads all words of all papers.
      cross join lateral (
        select paper, version, weight from paper_words where paper_words.word = near.word offset 0
      ) said
      join in_force on in_force.paper = said.paper and in_force.version = said.version
      group by 1, 2, 3
    ),
    rarity as (
      select hits.term, max(terms.weight) * ln(1 + (select count(*) from in_force) / sum(hits.good)) as rare
      from hits join terms on terms.word = hits.term
      group by 1
    ),
    ranked as (
      select hits.paper, hits.version, sum(rarity.rare * hits.good) * sqrt(count(*)) as score
      from hits join rarity using (term)
      group by 1, 2
      order by 3 desc
      limit ${rankedMax}
    )
    select v.paper as id, v.version, v.title, v.domain, v.problem, v.reviewed_on as "reviewedAt",
           coalesce(v.valid_to < ${day}::date, false) as over
    from ranked join paper_versions v using (paper, version)
    -- What has run out is still asked for, but rarely meant; what begins with the word is meant more than what holds it.
    order by score * case when v.valid_to < ${day}::date then 0.5 else 1 end
             * case when stem_of(substring(fold(v.title) from '[a-z0-9]+')) in (select stem from terms) then 1.1 else 1 end
             desc, v.title, v.paper
    limit ${limit}`.execute(db)
  return found.rows
}

/** What is opened most, of the last three months; then by title. For a desk that has searched nothing yet. */
export async function usualPapers(db: Database, day: Day, limit: number): Promise<FoundPaper[]> {
  const found = await sql<FoundPaper>`
    with ${inForce(day)},
    opened as (
      select paper, count(*) as times from paper_openings
      where recorded_at > now() - interval '90 days' group by 1
    )
    select v.paper as id, v.version, v.title, v.domain, v.problem, v.reviewed_on as "reviewedAt",
           false as over
    from in_force join paper_versions v using (paper, version) left join opened using (paper)
    where v.valid_to is null or v.valid_to >= ${day}::date
    order by coalesce(opened.times, 0) desc, v.title, v.paper
    limit ${limit}`.execute(db)
  return found.rows
}

/**
 * Of a settled search, the words that the papers know: what is kept on record. A name or a number that somebody
 * typed is in no paper, and does not get there.
 */
export async function knownWords(db: Database, text: string): Promise<string | null> {
  const found = await sql<{ known: string | null }>`
    select left(string_agg(said.word, ' ' order by said.place), 200) as known
    from regexp_split_to_table(fold(left(${text}, ${searchTextMax})), '[^a-z0-9]+')
         with ordinality as said (word, place)
    where said.word ~ '[a-z]' and exists (select from paper_vocabulary where stem = stem_of(said.word))
  `.execute(db)
  return found.rows[0]?.known ?? null
}

/** The newest version of each paper that has begun. */
function inForce(day: Day): RawBuilder<unknown> {
  return sql`
    in_force as materialized (
      select paper, max(version) as version from paper_versions
      where valid_from <= ${day}::date
      group by paper
    )`
}

/**
 * The words of the text that say something, and the words of what they stand for. The last word may not be whole
 * yet; a synonym is recognised by its stems, wherever it stands in the text.
 */
function termsOf(text: string): RawBuilder<unknown> {
  return sql`
    asked as materialized (
      select word, stem_of(word) as stem, place, place = max(place) over () as is_last
      from regexp_split_to_table(fold(left(${text}, ${searchTextMax})), '[^a-z0-9]+')
           with ordinality as said (word, place)
      where word <> ''
    ),
    line as (
      select ' ' || string_agg(stem, ' ' order by place) || ' ' as stems, max(word) filter (where is_last) as last
      from asked
    ),
    meant as (
      select synonym.means
      from (select distinct on (folded) * from paper_synonyms order by folded, id desc) synonym, line
      where synonym.means <> ''
        and (line.stems like '% ' || synonym.stems || ' %'
             or (length(line.last) >= 3 and starts_with(synonym.folded, line.last)
                 and position(' ' in synonym.folded) = 0))
    ),
    terms as materialized (
      select word, min(stem) as stem, max(weight) as weight, bool_or(is_last) as is_last
      from (
        select word, stem, 1.0 as weight, is_last from asked
        union all
        select word, stem_of(word), 0.8, false
        from meant, regexp_split_to_table(fold(means), '[^a-z0-9]+') as word
      ) every_word
      where word <> '' and word <> all (${[...stopWords]}::text[])
      group by word
      limit ${termsMax}
    )`
}
