// The list of measures, and a measure compared with its limit.
#include "compiler/sql/server_measures.hpp"

namespace mig::sql {

const std::vector<ServerMeasure>& server_measures() {
#define MIG_MEASURE(name, dimension, text) {name, Dimension::dimension, sql(text)},
  static const std::vector<ServerMeasure> list{
#include "compiler/sql/server_measures.def"
  };
#undef MIG_MEASURE
  return list;
}

Fragment compare(const ServerMeasure& measure, bool percent, std::string_view op, std::string_view limit) {
  const auto value = percent ? sql("round(100.0 * {} / current_setting('max_connections')::numeric, 1)", measure.value)
                             : measure.value;
  const Literal most{std::string(limit)};
  const auto over = op == ">=" ? sql("value >= {}::numeric", most) : sql("value > {}::numeric", most);
  return sql("SELECT value, {} AS too_much FROM (SELECT {} AS value) AS now", over, value);
}

}  // namespace mig::sql
