// Batches along a key: each reads mig.batch rows of the table in the order of its key, whether the condition holds for
// them or not. The bounds stand in a table of mig's and are read by sub-selects, so that the statements of all batches
// are the same text, and the server's plan for them an index scan.
#include "compiler/operations/rows_sql.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations::rows {

using sql::Ident;
using sql::LockMode;

namespace {

using Names = std::vector<std::string>;

Names bounds(const Names& key, const char* which) {
  Names names;
  for (std::size_t i = 0; i < key.size(); ++i) names.push_back(which + std::to_string(i + 1));
  return names;
}

sql::Fragment renamed(const Names& from, const Names& to, std::string_view alias) {
  std::vector<sql::Fragment> parts;
  for (std::size_t i = 0; i < from.size(); ++i)
    parts.push_back(sql::sql("{} AS {}", list({from[i]}, alias), Ident{to[i]}));
  return sql::join(parts, ", ");
}

sql::Fragment assignments(const Names& to, const Names& from, std::string_view alias) {
  std::vector<sql::Fragment> parts;
  for (std::size_t i = 0; i < to.size(); ++i)
    parts.push_back(sql::sql("{} = {}", Ident{to[i]}, list({from[i]}, alias)));
  return sql::join(parts, ", ");
}

sql::Fragment descending(const Names& key) {
  std::vector<sql::Fragment> parts;
  for (const auto& column : key) parts.push_back(sql::sql("{} DESC", Ident{column}));
  return sql::join(parts, ", ");
}

sql::Fragment bound(const RowWork& work, const Names& names) {
  return sql::sql("(SELECT {} FROM {})", list(names), work.state.sql());
}

const Names& key_of(const RowWork& work) { return work.parts.front().of.key; }

std::vector<sql::Lock> locks(const Context& ctx, const RowWork& work) {
  auto all = read_locks(ctx, work.parts.front().of, LockMode::access_share);
  all.push_back(lock(work.state, LockMode::row_exclusive));
  return all;
}

}  // namespace

sql::Statement begin_batches(const Context& ctx, const RowWork& work) {
  const auto& of = work.parts.front().of;
  const auto& key = of.key;
  const auto from = bounds(key, "from_");
  const auto to = bounds(key, "to_");
  const auto end = bounds(key, "end_");
  const auto first = bounds(key, "first_");
  auto text = sql::sql(
      "CREATE TABLE {} AS\n"
      "  SELECT false AS finished, 0::bigint AS number, 0::bigint AS read, 0::bigint AS written,\n"
      "    {}, {}, {}, {}\n"
      "  FROM (SELECT {} FROM {} ORDER BY {} LIMIT 1) f,\n"
      "    (SELECT {} FROM {} ORDER BY {} LIMIT 1) e",
      work.state.sql(), renamed(key, first, "f"), renamed(key, from, "f"), renamed(key, to, "f"),
      renamed(key, end, "e"), list(key), relation(of), list(key), list(key), relation(of), descending(key));
  return statement(std::move(text), read_locks(ctx, of, LockMode::access_share), sql::Work::instant,
                   "how far the batches are: it commits with their rows");
}

sql::Fragment within_batch(const RowWork& work, std::string_view alias) {
  const auto& key = key_of(work);
  return sql::sql("({}) >= {} AND ({}) <= {}", list(key, alias), bound(work, bounds(key, "from_")), list(key, alias),
                  bound(work, bounds(key, "to_")));
}

sql::Statement bounds_of_batch(const Context& ctx, const RowWork& work) {
  const auto& of = work.parts.front().of;
  const auto& key = of.key;
  const auto to = bounds(key, "to_");
  const auto end = bounds(key, "end_");
  auto text = sql::sql(
      "WITH last AS (\n"
      "  SELECT {} FROM {} WHERE ({}) >= {} AND ({}) <= {}\n"
      "  ORDER BY {} OFFSET current_setting('mig.batch')::bigint - 1 LIMIT 1\n"
      ")\n"
      "UPDATE {} s SET number = s.number + 1, {}\n"
      "FROM (SELECT {} FROM last UNION ALL SELECT {} FROM {} WHERE NOT EXISTS (SELECT FROM last)) l",
      list(key), relation(of), list(key), bound(work, bounds(key, "from_")), list(key), bound(work, end), list(key),
      work.state.sql(), assignments(to, key, "l"), list(key), list(end), work.state.sql());
  return statement(std::move(text), locks(ctx, work));
}

sql::Statement end_of_batch(const Context& ctx, const RowWork& work) {
  const auto& of = work.parts.front().of;
  const auto& key = of.key;
  const auto from = bounds(key, "from_");
  std::vector<sql::Fragment> written;
  for (const auto& part : work.parts)
    written.push_back(sql::sql("(SELECT count(*) FROM {} WHERE _mig_b = s.number)",
                               (part.has_before() ? part.before : part.after).sql()));
  auto text = sql::sql(
      "WITH next AS (\n"
      "  SELECT {} FROM {} WHERE ({}) > {} AND ({}) <= {}\n"
      "  ORDER BY {} LIMIT 1\n"
      ")\n"
      "UPDATE {} s SET finished = n.{} IS NULL, {}, read = {}, written = {}\n"
      "FROM (SELECT) one LEFT JOIN next n ON true",
      list(key), relation(of), list(key), bound(work, bounds(key, "to_")), list(key), bound(work, bounds(key, "end_")),
      list(key), work.state.sql(), Ident{key.front()},
      [&] {
        std::vector<sql::Fragment> parts;
        for (std::size_t i = 0; i < key.size(); ++i)
          parts.push_back(sql::sql("{} = coalesce(n.{}, s.{})", Ident{from[i]}, Ident{key[i]}, Ident{from[i]}));
        return sql::join(parts, ", ");
      }(),
      written.front(), sql::join(written, " + "));
  auto all = locks(ctx, work);
  for (const auto& part : work.parts)
    all.push_back(lock(part.has_before() ? part.before : part.after, LockMode::access_share));
  return statement(std::move(text), std::move(all));
}

std::vector<sql::Statement> forget_batch(const RowWork& work) {
  const auto& part = work.parts.front();
  const auto& key = part.of.key;
  std::vector<sql::Statement> out;
  auto count = sql::sql(
      "UPDATE {} s SET finished = false, {}, read = b.rows, written = b.rows - l.rows\n"
      "FROM (SELECT count(*) AS rows FROM {} WHERE _mig_b = {}) b,\n"
      "  (SELECT count(*) AS rows FROM {} WHERE _mig_b = {}) l",
      work.state.sql(), assignments(bounds(key, "from_"), bounds(key, "first_"), "s"),
      (part.has_before() ? part.before : part.after).sql(), number(work), part.left.sql(), number(work));
  out.push_back(statement(std::move(count), {lock(work.state, LockMode::row_exclusive),
                                             lock(part.has_before() ? part.before : part.after, LockMode::access_share),
                                             lock(part.left, LockMode::access_share)}));
  const auto forget = [&](const catalog::Name& kept) {
    out.push_back(statement(sql::sql("DELETE FROM {} WHERE _mig_b = {}", kept.sql(), number(work)),
                            {lock(kept, LockMode::row_exclusive), lock(work.state, LockMode::access_share)}));
  };
  for (const auto& each : work.parts) {
    if (each.has_before()) forget(each.before);
    if (each.has_after()) forget(each.after);
  }
  out.push_back(statement(sql::sql("UPDATE {} SET number = number - 1 WHERE number > 0", work.state.sql()),
                          {lock(work.state, LockMode::row_exclusive)}));
  return out;
}

}  // namespace mig::operations::rows
