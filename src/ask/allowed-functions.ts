/**
 * The functions that `keytrail sql` may call, and why. Everything else is denied, whatever it is: the engine has more
 * than 1,800 functions, gains some with each release, and among them are ones that read files, name the host, wait,
 * call services, or read tables by a name in a string.
 *
 * What is here depends on its arguments, the clock or a random source and on nothing else; the dictionaries are
 * keytrail's own. Names are lower case: the engine takes several spellings of many.
 */
export interface FunctionGroup {
  readonly reason: string;
  readonly names: string;
}

export const SCALAR_FUNCTIONS: readonly FunctionGroup[] = [
  {
    reason: 'Operators and syntax: the engine writes them as functions.',
    names: `and or not xor equals notEquals less lessOrEquals greater greaterOrEquals isDistinctFrom isNotDistinctFrom
      plus minus multiply divide negate modulo mod positiveModulo pmod intDiv intDivOrZero divideOrNull moduloOrZero
      if multiIf caseWithExpression coalesce ifNull nullIf isNull isNotNull assumeNotNull toNullable isZeroOrNull
      tuple tupleElement tupleConcat untuple array arrayElement arrayElementOrNull map lambda like notLike ilike notILike
      exists grouping greatest least clamp identity materialize isNaN isFinite isInfinite ifNotFinite`,
  },
  {
    reason: 'Membership; a table on the right side is checked like any other table.',
    names: 'in notIn nullIn notNullIn globalIn globalNotIn globalNullIn globalNotNullIn',
  },
  {
    reason: 'Conversions of a value to another type; a type that holds states of aggregation is denied apart.',
    names: `CAST _CAST accurateCast accurateCastOrNull accurateCastOrDefault toString toBool toFixedString toLowCardinality
      toInt8 toInt16 toInt32 toInt64 toInt128 toUInt8 toUInt16 toUInt32 toUInt64 toUInt128
      toInt8OrNull toInt16OrNull toInt32OrNull toInt64OrNull toUInt8OrNull toUInt16OrNull toUInt32OrNull toUInt64OrNull
      toInt8OrZero toInt16OrZero toInt32OrZero toInt64OrZero toUInt8OrZero toUInt16OrZero toUInt32OrZero toUInt64OrZero
      toFloat32 toFloat64 toFloat32OrNull toFloat64OrNull toFloat32OrZero toFloat64OrZero
      toDecimal32 toDecimal64 toDecimal128 toDecimalString toUUID toUUIDOrNull toUUIDOrZero UUIDStringToNum UUIDNumToString
      toDate toDate32 toDateTime toDateTime64 toDateOrNull toDateTimeOrNull toDateTime64OrNull toDateOrZero toDateTimeOrZero
      DATE timestamp toTypeName toStringCutToZero`,
  },
  {
    reason: 'Dates and times, the clock included; the zone of the server is not told.',
    names: `now now64 today yesterday UTCTimestamp toTimeZone toStartOfInterval toStartOfSecond toStartOfMinute
      toStartOfFiveMinutes toStartOfFiveMinute toStartOfTenMinutes toStartOfFifteenMinutes toStartOfHour toStartOfDay
      toStartOfWeek toStartOfMonth toStartOfQuarter toStartOfYear toStartOfISOYear toMonday toLastDayOfMonth
      toYear toQuarter toMonth toWeek toISOWeek toISOYear toYearWeek toDayOfYear toDayOfMonth toDayOfWeek toHour toMinute
      toSecond toMillisecond toYYYYMM toYYYYMMDD toYYYYMMDDhhmmss toUnixTimestamp toUnixTimestamp64Milli toUnixTimestamp64Second
      fromUnixTimestamp fromUnixTimestamp64Milli fromUnixTimestamp64Second toIntervalMillisecond toIntervalSecond
      toIntervalMinute toIntervalHour toIntervalDay toIntervalWeek toIntervalMonth toIntervalQuarter toIntervalYear
      addMilliseconds addSeconds addMinutes addHours addDays addWeeks addMonths addQuarters addYears addDate
      subtractMilliseconds subtractSeconds subtractMinutes subtractHours subtractDays subtractWeeks subtractMonths
      subtractQuarters subtractYears subDate dateDiff date_diff timestampDiff age dateTrunc dateName monthName formatDateTime
      makeDate makeDateTime makeDateTime64 timeSlot timeSlots parseDateTime parseDateTimeOrNull parseDateTimeBestEffort
      parseDateTimeBestEffortOrNull parseDateTimeBestEffortOrZero parseDateTime64BestEffort parseDateTime64BestEffortOrNull
      YEAR MONTH DAY HOUR MINUTE SECOND tumble tumbleStart tumbleEnd`,
  },
  {
    reason: 'Text.',
    names: `length lengthUTF8 char_length empty notEmpty lower upper lowerUTF8 upperUTF8 lcase ucase initcap initcapUTF8
      reverse reverseUTF8 concat concat_ws concatWithSeparator substring substr mid substringUTF8 left right leftUTF8 rightUTF8
      leftPad rightPad lpad rpad leftPadUTF8 rightPadUTF8 repeat space trim trimBoth trimLeft trimRight ltrim rtrim
      startsWith endsWith startsWithUTF8 endsWithUTF8 position positionUTF8 positionCaseInsensitive
      positionCaseInsensitiveUTF8 locate instr countSubstrings countSubstringsCaseInsensitive match extract extractAll
      extractGroups extractAllGroups extractAllGroupsHorizontal extractAllGroupsVertical regexpExtract countMatches
      countMatchesCaseInsensitive replace replaceAll replaceOne replaceRegexpAll replaceRegexpOne regexpQuoteMeta translate
      translateUTF8 format printf ascii char isValidUTF8 toValidUTF8 normalizeUTF8NFC normalizeUTF8NFD normalizeUTF8NFKC
      normalizeUTF8NFKD splitByChar splitByString splitByRegexp splitByWhitespace splitByNonAlpha alphaTokens tokens ngrams
      arrayStringConcat substringIndex multiSearchAny multiSearchAnyCaseInsensitive multiSearchFirstIndex
      multiSearchFirstPosition multiSearchAllPositions hasToken hasTokenCaseInsensitive hasSubsequence
      hasSubsequenceCaseInsensitive levenshteinDistance editDistance damerauLevenshteinDistance jaroSimilarity
      jaroWinklerSimilarity ngramDistance ngramSearch soundex stringJaccardIndex naturalSortKey visibleWidth`,
  },
  {
    reason: 'Encodings and digests of a value that is given.',
    names: `hex unhex bin unbin base32Encode base32Decode base58Encode base58Decode base64Encode base64Decode tryBase64Decode
      base64URLEncode base64URLDecode MD5 SHA1 SHA224 SHA256 SHA384 SHA512 halfMD5 sipHash64 sipHash128 cityHash64 farmHash64
      xxHash32 xxHash64 xxh3 murmurHash2_32 murmurHash2_64 murmurHash3_32 murmurHash3_64 murmurHash3_128 intHash32 intHash64
      CRC32 CRC64 HMAC encodeXMLComponent decodeXMLComponent`,
  },
  {
    reason: 'Addresses; nothing is resolved or connected to.',
    names: `toIPv4 toIPv6 toIPv4OrNull toIPv6OrNull toIPv4OrDefault toIPv6OrDefault toIPv4OrZero toIPv6OrZero IPv4ToIPv6
      IPv4NumToString IPv4StringToNum IPv4StringToNumOrNull IPv6NumToString IPv6StringToNum IPv6StringToNumOrNull
      isIPv4String isIPv6String isIPAddressInRange IPv4CIDRToRange IPv6CIDRToRange cutIPv6 IPv4NumToStringClassC
      MACNumToString MACStringToNum`,
  },
  {
    reason: 'Parts of a URL as text; nothing is fetched.',
    names: `protocol domain domainRFC domainWithoutWWW topLevelDomain firstSignificantSubdomain port path pathFull queryString
      fragment queryStringAndFragment extractURLParameter extractURLParameters extractURLParameterNames cutQueryString
      cutFragment cutQueryStringAndFragment cutURLParameter cutWWW decodeURLComponent encodeURLComponent
      decodeURLFormComponent encodeURLFormComponent URLHierarchy URLPathHierarchy netloc`,
  },
  {
    reason: 'JSON as text: the column raw.',
    names: `isValidJSON JSONHas JSONLength JSONType JSONKey JSONExtractString JSONExtractInt JSONExtractUInt JSONExtractFloat
      JSONExtractBool JSONExtractRaw JSONExtractArrayRaw JSONExtractKeys JSONExtractKeysAndValuesRaw JSON_VALUE JSON_QUERY
      JSON_EXISTS JSONArrayLength simpleJSONHas simpleJSONExtractString simpleJSONExtractInt simpleJSONExtractUInt
      simpleJSONExtractFloat simpleJSONExtractBool simpleJSONExtractRaw toJSONString extractKeyValuePairs`,
  },
  {
    reason: 'Arrays; those that run an aggregate function named in a string are left out.',
    names: `arrayMap arrayFilter arrayExists arrayAll arrayCount arrayFirst arrayLast arrayFirstIndex arrayLastIndex
      arrayFirstOrNull arrayLastOrNull arrayFold arraySum arrayAvg arrayMin arrayMax arrayProduct arrayCumSum arrayDifference
      arraySort arrayReverseSort arrayPartialSort arrayReverse arrayDistinct arrayUniq arrayCompact arrayConcat arrayFlatten
      flatten arraySlice arrayPopBack arrayPopFront arrayPushBack arrayPushFront arrayResize arrayZip arrayEnumerate
      arrayEnumerateDense arrayEnumerateUniq arrayIntersect arrayUnion arrayExcept arraySymmetricDifference arraySplit
      arrayReverseSplit arrayFill arrayReverseFill arrayRotateLeft arrayRotateRight arrayShiftLeft arrayShiftRight
      arrayWithConstant arrayJaccardIndex arrayDotProduct arrayJoin has hasAll hasAny hasSubstr indexOf countEqual range
      emptyArrayString emptyArrayUInt64`,
  },
  {
    reason: 'Maps and tuples.',
    names: `mapFromArrays mapKeys mapValues mapContains mapContainsKey mapContainsValue mapFilter mapApply mapAdd mapSubtract
      mapUpdate mapConcat mapSort mapReverseSort mapExists mapAll tupleNames tupleToNameValuePairs tuplePlus tupleMinus
      flattenTuple`,
  },
  {
    reason: 'Mathematics and bits.',
    names: `abs sign sqrt cbrt exp exp2 exp10 log ln log2 log10 log1p pow power sin cos tan asin acos atan atan2 sinh cosh tanh
      pi e degrees radians hypot gcd lcm factorial round floor ceil ceiling trunc truncate roundBankers roundDown roundToExp2
      roundDuration sigmoid erf erfc min2 max2 widthBucket bitAnd bitOr bitXor bitNot bitShiftLeft bitShiftRight bitTest bitCount
      byteSwap bar transform formatReadableSize formatReadableDecimalSize formatReadableQuantity formatReadableTimeDelta
      greatCircleDistance geoDistance greatCircleAngle pointInPolygon`,
  },
  {
    reason: 'Random values and new identities.',
    names: 'rand rand32 rand64 randUniform generateUUIDv4 generateUUIDv7 UUIDv7ToDateTime',
  },
  {
    reason: "keytrail's own dictionaries; the engine's embedded ones are other functions.",
    names: `dictGet dictGetOrDefault dictGetOrNull dictHas dictGetString dictGetStringOrDefault dictGetUInt8 dictGetUInt16
      dictGetUInt32 dictGetUInt64 dictGetInt64 dictGetFloat64 dictGetDateTime dictGetUUID dictGetIPv4 dictGetIPv6`,
  },
  {
    reason: 'Rows beside a row.',
    names: 'rowNumberInAllBlocks rowNumberInBlock runningDifference neighbor',
  },
];

export const AGGREGATE_FUNCTIONS: readonly FunctionGroup[] = [
  {
    reason: 'Aggregation of the rows of a group or a window; the suffixes below may follow.',
    names: `count sum min max avg any anyLast any_value first_value last_value argMin argMax min_by max_by uniq uniqExact
      uniqCombined uniqCombined64 uniqHLL12 uniqUpTo quantile quantiles quantileExact quantilesExact quantileExactLow
      quantileExactHigh quantileExactWeighted quantileTDigest quantilesTDigest quantileDeterministic quantileTiming
      quantilesTiming median medianExact groupArray groupUniqArray groupArraySorted groupArrayLast groupArraySample
      groupArrayMovingSum groupArrayMovingAvg groupConcat string_agg array_agg groupBitAnd groupBitOr groupBitXor topK
      topKWeighted approx_top_k approx_top_sum anyHeavy stddevPop stddevSamp varPop varSamp covarPop covarSamp corr skewPop
      skewSamp kurtPop kurtSamp entropy sumWithOverflow sumKahan sumCount sumMap minMap maxMap avgWeighted boundingRatio
      deltaSum deltaSumTimestamp histogram simpleLinearRegression retention windowFunnel sequenceMatch sequenceCount
      maxIntersections maxIntersectionsPosition intervalLengthSum singleValueOrNull sparkbar exponentialMovingAverage`,
  },
  {
    reason: 'Window functions.',
    names: `row_number rank dense_rank denseRank percent_rank percentRank cume_dist ntile nth_value lag lead lagInFrame
      leadInFrame nonNegativeDerivative`,
  },
];

/** Suffixes that change what an aggregate function is applied to; -State and -Merge are left out with the states. */
export const AGGREGATE_SUFFIXES = [
  'If',
  'Array',
  'Map',
  'OrNull',
  'OrDefault',
  'Distinct',
  'ForEach',
  'ArgMin',
  'ArgMax',
];

/** Table functions that make rows from numbers; everything they take is checked like any other expression. */
export const TABLE_FUNCTIONS = ['numbers', 'generateSeries', 'generate_series'] as const;

/** Tables and views that a person may read. */
export const READABLE_TABLES = [
  'activity',
  'access_log',
  'audit_events',
  'dead_letters',
  'dead_letter_log',
  'ledger',
  'collector_log',
  'registry_account_versions',
  'registry_user_versions',
  'registry_key_versions',
  'registry_network_versions',
  'registry_accounts',
  'registry_users',
  'registry_keys',
  'registry_networks',
  'registry_imports',
  'app_rules',
  'finding_states',
  'findings',
  'finding_evidence',
  'finding_actions',
  'suppressions',
  'deliveries',
] as const;

export function namesOf(groups: readonly FunctionGroup[]): string[] {
  return groups.flatMap((group) => group.names.split(/\s+/));
}
