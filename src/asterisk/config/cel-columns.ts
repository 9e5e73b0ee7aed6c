/** The columns of `cel.csv`, in order, named as `cel_custom` names its fields; times are epoch seconds with µs. */
export const celColumns = [
  'EventType',
  'EventTime',
  'UniqueID',
  'LinkedID',
  'ChanName',
  'Context',
  'Exten',
  'Num',
  'AppName',
  'AppData',
  'Peer',
  'UserDefType',
  'EventExtra',
] as const
