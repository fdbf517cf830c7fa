// Sequences, their owners, and the parameters of identity columns.
#include "runtime/introspect/build.hpp"

namespace mig::runtime::introspection {

namespace {

// Owned by a column: 'a' of serial and OWNED BY, 'i' of identity (pg_depend).
constexpr std::string_view sequences_query = R"(
SELECT c.oid, pg_get_userbyid(c.relowner), c.relpersistence,
  CASE WHEN c.relacl IS NOT NULL THEN ARRAY[c.relacl::text, acldefault('s', c.relowner)::text] END,
  format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
  d.deptype = 'i', d.refobjid, d.refobjsubid
FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
    AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
WHERE c.oid >= 16384 AND c.relpersistence <> 't')";

catalog::SequenceOptions read_options(Answer& row) {
  catalog::SequenceOptions options;
  options.type = row.text();
  options.start = row.text();
  options.increment = row.text();
  options.min = row.text();
  options.max = row.text();
  options.cache = row.text();
  options.cycle = row.truth();
  return options;
}

// Hangs the parameters on the identity column. False: the owner is one that nobody sees.
bool own(Build& build, catalog::Sequence& sequence, Oid table, int column) {
  auto* owner = build.visible(table);
  if (owner == nullptr || owner->parked({column})) return false;
  sequence.owned_by = owner->name;
  sequence.owned_by_column = owner->attribute(column);
  for (auto& owned : owner->columns)
    if (sequence.identity && owned.number == column) owned.sequence = sequence.options;
  return true;
}

}  // namespace

void read_sequences(Build& build) {
  auto rows = build.link.ask(sequences_query);
  while (rows.next()) {
    const auto oid = rows.id();
    const auto* relation = build.visible(oid);
    if (relation == nullptr) continue;
    catalog::Sequence sequence;
    sequence.name = relation->name;
    sequence.owner = build.role(rows.text());
    sequence.persistence = rows.letter() == 'u' ? "unlogged" : "permanent";
    sequence.grants = build.grants(rows.view());
    sequence.options = read_options(rows);
    sequence.identity = rows.truth();
    const auto table = rows.id();
    const auto column = static_cast<int>(rows.number());
    if (table != 0 && !own(build, sequence, table, column)) continue;
    sequence.comment = build.comment("pg_class", oid);
    build.sequences.emplace(oid, std::move(sequence));
  }
}

// Opening a sequence takes a lock until the end of the transaction: in one transaction, ten thousand of them would
// exhaust the lock table, so each batch is its own.
void read_last_values(Build& build) {
  constexpr std::size_t batch = 500;
  auto next = build.sequences.begin();
  while (next != build.sequences.end()) {
    std::string oids;
    for (std::size_t i = 0; i < batch && next != build.sequences.end(); ++i, ++next)
      oids += (oids.empty() ? "" : ", ") + std::to_string(next->first);
    // A role without the right to read it sees null; so does one that asks before the first nextval().
    auto rows = build.link.ask(
        "SELECT c.oid, CASE WHEN has_sequence_privilege(c.oid, 'SELECT, USAGE') THEN pg_sequence_last_value(c.oid) END"
        " FROM pg_class c WHERE c.relkind = 'S' AND c.oid IN (" +
        oids + ")");
    while (rows.next()) {
      const auto oid = rows.id();
      build.sequences.at(oid).last_value = rows.text();
    }
  }
}

}  // namespace mig::runtime::introspection
