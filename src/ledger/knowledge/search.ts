/**
 * Full-text search of articles in the words of citizens: by prefix, stem, similarity, swapped letters and synonym,
 * without stop words (docs/rules/knowledge.md). Rare words and words of the title weigh more.
 */
import { sql, type RawBuilder } from 'kysely'
import type { Day } from '../../city/day.ts'
import type { PaperId } from '../../city/knowledge/paper.ts'
import { stopWords } from '../../city/knowledge/stop-words.ts'
import type { Database } from '../database.ts'

export interface FoundArticle {
  readonly id: PaperId
  readonly version: number
  readonly title: string
  readonly domain: string
  readonly problem: string
  /** The institution that handles it; null: the city. */
  readonly handledBy: string | null
  /** Its validity has ended. */
  readonly over: boolean
  readonly reviewedAt: Day
}

/** Characters of a search text that are read. */
const searchTextMax = 200

/** Bounds: words of a search, vocabulary words that match them, articles that are ranked. */
const termsMax = 40
const nearMax = 400
const rankedMax = 60

/** Best first. A text of stop words alone finds nothing. */
export async function searchArticles(
  db: Database,
  question: { readonly text: string; readonly day: Day; readonly limit: number },
): Promise<FoundArticle[]> {
  const { text, day, limit } = question
  const found = await sql<FoundArticle>`
    with ${inForce(day)},
    ${termsOf(text)},
    -- Vocabulary words that match each term, with a confidence from 0 to 1.
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
          -- A word of the vocabulary is not a typing error.
          and not exists (select from paper_vocabulary exact where exact.word = terms.word)
        union all
        -- Letters swapped while typing.
        select word, 0.75
        from paper_vocabulary
        where length(terms.word) >= 5 and letters_of(word) = letters_of(terms.word)
      ) known
      group by 1, 2
      order by 3 desc
      limit ${nearMax}
    ),
    hits as materialized (
      select near.term, in_force.paper, in_force.version, max(near.sure * said.weight) as good
      from near
      -- The offset makes the planner use the index of each word; otherwise it reads all words of all articles.
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
    select v.paper as id, v.version, v.title, v.domain, v.problem, v.handled_by as "handledBy",
           v.reviewed_on as "reviewedAt",           coalesce(v.valid_to < ${day}::date, false) as over
    from ranked join paper_versions v using (paper, version)
    -- An expired article ranks lower; a title that begins with a term ranks higher.
    order by score * case when v.valid_to < ${day}::date then 0.5 else 1 end
             * case when stem_of(substring(fold(v.title) from '[a-z0-9]+')) in (select stem from terms) then 1.1 else 1 end
             desc, v.title, v.paper
    limit ${limit}`.execute(db)
  return found.rows
}

/** The articles opened most in the last three months, then by title: shown before anything is searched. */
export async function usualArticles(db: Database, day: Day, limit: number): Promise<FoundArticle[]> {
  const found = await sql<FoundArticle>`
    with ${inForce(day)},
    opened as (
      select paper, count(*) as times from paper_openings
      where recorded_at > now() - interval '90 days' group by 1
    )
    select v.paper as id, v.version, v.title, v.domain, v.problem, v.handled_by as "handledBy",
           v.reviewed_on as "reviewedAt",           false as over
    from in_force join paper_versions v using (paper, version) left join opened using (paper)
    where v.valid_to is null or v.valid_to >= ${day}::date
    order by coalesce(opened.times, 0) desc, v.title, v.paper
    limit ${limit}`.execute(db)
  return found.rows
}

/**
 * The words of a search that occur in articles: only these are recorded. A name or a number that was typed occurs in
 * no article and stays out of the record.
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

/** The version of each article that is in force on the day; none of a retired article. */
function inForce(day: Day): RawBuilder<unknown> {
  return sql`
    in_force as materialized (
      select paper, max(version) as version from paper_versions
      where valid_from <= ${day}::date and paper not in (select paper from retired_papers)
      group by paper
    )`
}

/**
 * The words of the text without stop words, and the words of their synonyms. The last word may be incomplete. A synonym
 * is recognised by its stems anywhere in the text.
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
                 and position(' ' in synonym.folded) = 0)
             or exists (
               select from asked
               where length(word) >= 5 and abs(length(word) - length(synonym.folded)) <= 1
                 and (letters_of(word) = letters_of(synonym.folded) or similarity(word, synonym.folded) >= 0.5)
                 and not exists (select from paper_vocabulary exact where exact.word = asked.word)
             ))
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
