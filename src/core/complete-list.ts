/**
 * A list of every member of a union, complete by type: leaving one out does not compile. Schemas, screens and
 * filters import such lists instead of repeating the words.
 */
export const completeList =
  <Union extends string>() =>
  <const List extends readonly Union[]>(
    list: [Union] extends [List[number]] ? List : readonly ['missing', Exclude<Union, List[number]>],
  ): List =>
    list as List
