// Probes: boolean SQL over pg_catalog that says whether something has happened already.
#include "compiler/operations/steps.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Literal;

namespace {

Fragment relation_where(const catalog::Name& relation) {
  return sql::sql("n.nspname = {} AND c.relname = {}", Literal{relation.schema}, Literal{relation.name});
}

Fragment index_where(const catalog::Name& index, const Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {} AND {})",
      relation_where(index), condition);
}

Fragment constraint_where(const catalog::Name& table, const std::string& constraint, const Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class c ON c.oid = o.conrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {} AND o.conname = {}{})",
      relation_where(table), Literal{constraint}, condition);
}

}  // namespace

sql::Probe probe(const Fragment& condition) { return {sql::sql("SELECT {} AS done", condition)}; }

Fragment both(const Fragment& a, const Fragment& b) { return sql::sql("{} AND {}", a, b); }

Fragment either(const Fragment& a, const Fragment& b) { return sql::sql("({} OR {})", a, b); }

Fragment negate(const Fragment& condition) { return sql::sql("NOT ({})", condition); }

Fragment has_relation(const catalog::Name& relation) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {})",
      relation_where(relation));
}

Fragment column_is(const catalog::Name& table, const std::string& column, const Fragment& condition) {
  return sql::sql(
      "EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {} AND a.attname = {} AND NOT a.attisdropped{})",
      relation_where(table), Literal{column}, condition.empty() ? Fragment{} : sql::sql(" AND {}", condition));
}

Fragment has_column(const catalog::Name& table, const std::string& column) { return column_is(table, column, {}); }

Fragment is_not_null(const catalog::Name& table, const std::string& column) {
  return column_is(table, column, sql::sql("a.attnotnull"));
}

Fragment has_default(const catalog::Name& table, const std::string& column) {
  return column_is(table, column, sql::sql("a.atthasdef"));
}

Fragment has_default_text(const catalog::Name& table, const std::string& column, const Literal& text) {
  return column_is(
      table, column,
      sql::sql("EXISTS (SELECT FROM pg_catalog.pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum "
               "AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) = {})",
               text));
}

Fragment has_constraint(const catalog::Name& table, const std::string& constraint) {
  return constraint_where(table, constraint, {});
}

Fragment is_validated(const catalog::Name& table, const std::string& constraint) {
  return constraint_where(table, constraint, sql::sql(" AND o.convalidated"));
}

Fragment has_valid_index(const catalog::Name& index) {
  return index_where(index, sql::sql("i.indisvalid AND i.indisready AND i.indislive"));
}

Fragment has_invalid_index(const catalog::Name& index) {
  return index_where(index, sql::sql("NOT (i.indisvalid AND i.indisready AND i.indislive)"));
}

}  // namespace mig::operations
