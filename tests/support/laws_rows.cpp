// Law inverse, the rows: an order-free hash of every table, exact to the text of each value.
#include "tests/support/laws.hpp"

namespace mig::tests::laws {

std::string rows_hash(runtime::Session& session, const catalog::Catalog& catalog) {
  // Every value prints exactly, whatever the defaults of the server are; row security must not hide rows.
  for (const auto& setting :
       {sql::sql("SET extra_float_digits = 3"), sql::sql("SET datestyle = 'ISO'"), sql::sql("SET timezone = 'UTC'"),
        sql::sql("SET intervalstyle = 'iso_8601'"), sql::sql("SET row_security = off")})
    (void)session.run(setting);
  std::string result;
  for (const auto& name : catalog.names("table")) {
    std::vector<sql::Fragment> columns;
    for (const auto& column : catalog.table(name)->columns)
      columns.push_back(sql::sql("t.{}", sql::Ident{column.name}));
    // A sum, so that duplicates count.
    const auto rows = session.run(sql::sql(
        "SELECT count(*) || ' ' || coalesce(sum(('x' || substr(md5(ROW({})::text), 1, 15))::bit(60)::bigint::numeric), "
        "0) FROM {} t",
        sql::join(columns, ", "), name.sql()));
    result += name.text() + " " + rows.value() + "\n";
  }
  return result;
}

}  // namespace mig::tests::laws
