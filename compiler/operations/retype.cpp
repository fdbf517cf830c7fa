// Another type for a column: what is decided, and what PostgreSQL would refuse.
#include "compiler/operations/retype.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/dependents.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/type_text.hpp"
#include "compiler/operations/types.hpp"
#include "compiler/operations/view_columns.hpp"

namespace mig::operations {

using sql::Fragment;
using sql::Ident;
using sql::Literal;

namespace {

// `total::integer`: nothing but the column in the new type.
bool is_plain_cast(const Context& ctx, const Retype& change, const syntax::Expr& value) {
  const auto* cast = std::get_if<syntax::Cast>(&value.node);
  if (!cast) return false;
  const auto* column = std::get_if<syntax::ColumnRef>(&cast->operand->node);
  const auto type = find_type(ctx, cast->type);
  return column && !column->star && column->path.parts.back().text == change.at.column->name && type &&
         type->text == change.type;
}

// `placed_at at time zone 'Europe/Berlin'`: the zone, or nullptr.
const std::string* zone_of(const Retype& change, const syntax::Expr& value) {
  const auto* at = std::get_if<syntax::AtZone>(&value.node);
  if (!at || !at->zone) return nullptr;
  const auto* column = std::get_if<syntax::ColumnRef>(&at->operand->node);
  const auto* zone = std::get_if<syntax::Constant>(&(*at->zone)->node);
  if (!column || column->path.parts.back().text != change.at.column->name) return nullptr;
  return zone && zone->is == syntax::Constant::Is::string ? &zone->value : nullptr;
}

void decide_using(const Context& ctx, Retype& change, const syntax::Expr* value) {
  const auto& from = change.at.column->type;
  const auto column = sql::fragment(Ident{change.at.column->name});
  const auto plain_back = change.back.assignment ? Fragment{} : cast_to(ctx, column, change.type, from);
  change.using_back = plain_back;
  if (!value) return;
  if (is_plain_cast(ctx, change, *value)) {
    if (!change.there.assignment) change.using_there = cast_to(ctx, column, from, change.type);
    return;
  }
  const auto* zone = zone_of(change, *value);
  if (zone && (*zone == "UTC" || *zone == "utc") && same_bits_in_utc(ctx, from, change.type)) {
    change.utc = true;
    change.there.rewrites = change.back.rewrites = false;
    change.there.lossless = change.back.lossless = true;
    return;
  }
  change.using_there = expression(text_of(ctx, *value));
  change.there.rewrites = true;
  if (zone && change.there.zoned) {
    change.using_back = sql::sql("{} AT TIME ZONE {}", column, Literal{*zone});
    return;
  }
  change.free = true;
}

// The text between the quotes of `'new'::text`, or a number as it stands; nullopt: the default is computed.
std::optional<std::string> constant_of(const std::string& text) {
  if (!text.empty() && text.find_first_not_of("0123456789.-") == std::string::npos) return sql::quote_literal(text);
  if (text == "true" || text == "false") return sql::quote_literal(text);
  if (text.size() < 2 || text.front() != '\'') return std::nullopt;
  auto end = text.find('\'', 1);
  while (end != std::string::npos && end + 1 < text.size() && text[end + 1] == '\'') end = text.find('\'', end + 2);
  if (end == std::string::npos) return std::nullopt;
  const auto rest = text.substr(end + 1);
  if (!rest.empty() && rest.rfind("::", 0) != 0) return std::nullopt;
  return text.substr(0, end + 1);
}

// The new type surely reads this constant: texts and enums what they are made of, all others what the server says.
bool reads(const Context& ctx, const std::string& type, const std::string& constant) {
  const auto target = type_text(ctx, type);
  if (target.array || target.constrained) return false;
  if (target.type)
    return target.type->kind == "enum" &&
           std::any_of(target.type->labels.begin(), target.type->labels.end(),
                       [&](const std::string& label) { return sql::quote_literal(label) == constant; });
  const auto text = constant.substr(1, constant.size() - 2);
  const bool digits = !text.empty() && text.size() < 5 && text.find_first_not_of("0123456789") == std::string::npos;
  if (target.base == "boolean") return text == "true" || text == "false" || text == "0" || text == "1";
  return digits && (target.base == "integer" || target.base == "bigint" || target.base == "numeric");
}

// A default is assigned to the new type; where that does not work, a constant is read anew.
void decide_default(const Context& ctx, Retype& change) {
  const auto& column = *change.at.column;
  if (column.default_.empty() || !column.identity.empty() || !column.generated.empty() || change.there.assignment)
    return;
  const auto constant = constant_of(column.default_);
  const bool read = constant && reads(ctx, change.type, *constant);
  change.default_ = read ? *constant + "::" + change.type : std::string{};
}

std::string name_of(const Retype& change) {
  return fmt::format("`{}` of `{}`", sql::quote_ident(change.at.column->name), change.at.table->name.text());
}

bool refuse(const Context& ctx, const diagnostics::Code& code, source::Span span, std::string message,
            std::string way) {
  ctx.sink.report(code, span, std::move(message)).note(std::move(way));
  return false;
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool check_place(const Context& ctx, const Retype& change, source::Span span) {
  const auto& [table, column] = change.at;
  if (column->inherited > 0)
    return refuse(ctx, diagnostics::inherited, span, name_of(change) + " comes from a parent table",
                  "write it for the parent: its partitions and inheritors follow");
  for (const auto& name : ctx.before.tree(table->name)) {
    const auto* each = ctx.before.table(name);
    if (each && (holds(each->partition_columns, column->name) || mentions(each->partition_by, column->name)))
      return refuse(ctx, diagnostics::still_needed, span,
                    fmt::format("{} is in the partition key of `{}`", name_of(change), name.text()),
                    "a partition key cannot change (42P16): make a new table and move the rows");
  }
  for (const auto& option : table->options)
    if (option.rfind("of=", 0) == 0)
      return refuse(ctx, diagnostics::inherited, span, fmt::format("`{}` is a table of a type", table->name.text()),
                    "change the type that it is of");
  return true;
}

// Columns elsewhere that hold whole rows of this table: PostgreSQL would have to rewrite those, and refuses (0A000).
bool check_row_type(const Context& ctx, const Retype& change, source::Span span) {
  std::vector<std::string> found;
  for (const auto& name : ctx.before.names("table"))
    if (const auto* table = ctx.before.table(name))
      for (const auto& column : table->columns)
        for (const auto& member : ctx.before.tree(change.at.table->name))
          if (column.type == member.text() || column.type == member.text() + "[]")
            found.push_back(fmt::format("{}.{}", name.text(), sql::quote_ident(column.name)));
  if (found.empty()) return true;
  auto& diagnostic = ctx.sink.report(diagnostics::still_needed, span,
                                     fmt::format("rows of `{}` are stored in a column", change.at.table->name.text()));
  for (const auto& each : found) diagnostic.note("found: " + each);
  diagnostic.note("PostgreSQL does not change the type of a column of such a table (0A000)");
  return false;
}

bool check_conversion(const Context& ctx, const Retype& change, source::Span of_type, bool has_using) {
  const auto& column = *change.at.column;
  const auto name = sql::quote_ident(column.name);
  if (!column.generated.empty() && has_using)
    return refuse(ctx, diagnostics::contradiction, of_type,
                  name_of(change) + " is generated: it has no rows to convert", "take `using` out");
  if (change.there.zoned && !has_using)
    return refuse(ctx, diagnostics::type_mismatch, of_type,
                  fmt::format("which moment a value of {} means depends on a time zone", name_of(change)),
                  fmt::format("write: using {} at time zone 'UTC'", name));
  if (has_using || change.there.assignment) return true;
  return refuse(ctx, diagnostics::type_mismatch, of_type,
                fmt::format("PostgreSQL does not convert {} to {} by itself (42804)", column.type, change.type),
                fmt::format("write: using {}::{}, or any expression over the columns", name, change.type));
}

bool check_identity(const Context& ctx, const Retype& change, source::Span of_type) {
  const auto base = type_text(ctx, change.type).base;
  if (change.at.column->identity.empty() || base == "smallint" || base == "integer" || base == "bigint") return true;
  return refuse(
      ctx, diagnostics::wrong_value, of_type,
      fmt::format("{} is an identity column: smallint, integer or bigint, not {}", name_of(change), change.type),
      fmt::format("write before it: drop identity {}.{};", change.at.table->name.text(),
                  sql::quote_ident(change.at.column->name)));
}

bool check_default(const Context& ctx, const Retype& change, source::Span span) {
  if (!change.default_ || !change.default_->empty()) return true;
  return refuse(ctx, diagnostics::type_mismatch, span,
                fmt::format("the default of {} is {}, and PostgreSQL does not convert it to {} (42804)",
                            name_of(change), change.at.column->default_, change.type),
                fmt::format("write before it: drop default {}; and after it: set default {} to …;",
                            ctx.files.text(span), ctx.files.text(span)));
}

// Numbers, texts and times are compared with their like; PostgreSQL refuses a foreign key between others (42804).
std::string family(const TypeText& type) {
  if (type.type || type.array) return type.base;
  for (const auto* number : {"smallint", "integer", "bigint", "numeric", "real", "double precision"})
    if (type.base == number) return "number";
  for (const auto* text : {"text", "character varying", "character", "name"})
    if (type.base == text) return "text";
  return type.base.rfind("timestamp", 0) == 0 || type.base == "date" ? "time" : type.base;
}

bool check_key(const Context& ctx, const Retype& change, const std::string& key, const catalog::Name& table,
               const std::string& other_column, source::Span of_type) {
  const auto* other = ctx.before.table(table);
  const auto* column = other ? other->column(other_column) : nullptr;
  const bool own = other == change.at.table && other_column == change.at.column->name;
  if (!column || own || family(type_text(ctx, column->type)) == family(type_text(ctx, change.type))) return true;
  return refuse(ctx, diagnostics::type_mismatch, of_type,
                fmt::format("foreign key {} would compare {} with {}.{} {} (42804)", sql::quote_ident(key), change.type,
                            table.text(), sql::quote_ident(other_column), column->type),
                "drop the foreign key before, or change both columns");
}

bool check_keys(const Context& ctx, const Retype& change, source::Span of_type) {
  const auto& name = change.at.column->name;
  bool good = true;
  for (const auto& key : change.at.table->constraints)
    for (std::size_t i = 0; key.kind == "foreign key" && i < key.columns.size(); ++i)
      if (key.columns[i] == name)
        good = check_key(ctx, change, key.name, key.references, key.reference_columns[i], of_type) && good;
  for (const auto& inbound : inbound_keys(ctx, *change.at.table, name)) {
    const auto* key = ctx.before.table(inbound.table)->constraint(inbound.constraint);
    for (std::size_t i = 0; key && i < key->columns.size(); ++i)
      if (key->reference_columns[i] == name)
        good = check_key(ctx, change, key->name, inbound.table, key->columns[i], of_type) && good;
  }
  return good;
}

void warn_rewrite(const Context& ctx, const Retype& change, source::Span span) {
  if (!change.there.rewrites || change.at.table->made_by == ctx.migration + "/" + sql::to_string(ctx.phase)) return;
  ctx.sink
      .report(diagnostics::rewrites, span,
              fmt::format("every row of `{}` is written anew under ACCESS EXCLUSIVE: nobody reads it meanwhile",
                          change.at.table->name.text()))
      .note(
          fmt::format("for a large table: add column {}_new {}; keep both alike with a map, then let the new one take "
                      "the old one's place",
                      change.at.column->name, change.type));
}

// `lower(note)` has the collation of note: an index over it says so where that is not the usual one.
void collate(const Context& ctx, catalog::Index& index, const Retype& change) {
  for (auto& part : index.parts) {
    if (part.collation != change.at.column->collation || !mentions_column(part.expression, change.at.column->name))
      continue;
    const auto function = part.expression.substr(0, part.expression.find('('));
    // A catalog may come without its system part.
    static const std::vector<std::string> texts{"lower", "upper",  "initcap", "btrim",   "ltrim", "rtrim",    "left",
                                                "right", "substr", "replace", "reverse", "md5",   "translate"};
    const auto known = ctx.before.functions({"pg_catalog", function});
    const bool of_text = known.empty() ? holds(texts, function)
                                       : std::any_of(known.begin(), known.end(),
                                                     [](const auto* each) { return each->returns == "text"; });
    if (of_text) part.collation = change.collation;
  }
}

}  // namespace

Retype plan_retype(const Context& ctx, const ColumnAt& at, const std::string& type, const std::string& collation,
                   const syntax::Expr* value) {
  Retype change;
  change.at = at;
  change.type = type;
  change.collation = collation;
  change.there = conversion(ctx, at.column->type, type);
  change.back = conversion(ctx, type, at.column->type);
  if (collation != at.column->collation) change.there.rebuilds = change.back.rebuilds = true;
  decide_using(ctx, change, value);
  decide_default(ctx, change);
  return change;
}

// PostgreSQL makes them again as the role's; only a member of their owner gives them back.
bool require_statistics(const Context& ctx, const Retype& change, source::Span span) {
  for (const auto& table : ctx.before.tree(change.at.table->name))
    for (const auto& [kind, name] : ctx.before.users(table)) {
      if (kind != "statistics") continue;
      const auto* object = ctx.before.object(kind, name);
      if (mentions(object->facts.at("definition"), change.at.column->name) &&
          !require_owner(ctx, kind, name, object->owner, span))
        return false;
    }
  return true;
}

bool check_retype(const Context& ctx, const Retype& change, source::Span span, source::Span of_type) {
  const bool has_using = ctx.call.get<syntax::Expr>("value") != nullptr;
  if (!check_place(ctx, change, span) || !check_row_type(ctx, change, span)) return false;
  bool good = check_identity(ctx, change, of_type) && check_conversion(ctx, change, of_type, has_using);
  good = good && check_default(ctx, change, span);
  good = check_keys(ctx, change, of_type) && good;
  const auto hanging = what_hangs(ctx, {{{change.at.table->name, change.at.column->name}}, {}, {}, {}});
  good = require_rebuild(ctx, span, "what uses the column", hanging) && require_statistics(ctx, change, span) && good;
  if (good) warn_rewrite(ctx, change, of_type);
  return good;
}

void retype(const Context& ctx, catalog::Catalog& after, const Retype& change) {
  const auto column = change.at.column->name;
  for (const auto& name : ctx.before.tree(change.at.table->name)) {
    for (auto& each : after.edit_table(name).columns) {
      if (each.name != column) continue;
      each.type = change.type;
      each.collation = change.collation;
      const auto kept = each.storage.empty() ? usual_storage(ctx, change.at.column->type) : each.storage;
      if (!toastable(ctx, change.type) || each.storage.empty() || kept == usual_storage(ctx, change.type))
        each.storage.clear();
      if (!toastable(ctx, change.type)) each.compression.clear();
      if (change.default_) each.default_ = *change.default_;
      if (each.sequence) {
        const auto usual = default_sequence(each.sequence->type);
        if (each.sequence->max == usual.max) each.sequence->max = default_sequence(change.type).max;
        each.sequence->type = change.type;
      }
    }
    if (change.collation != change.at.column->collation)
      for (auto& index : after.edit_table(name).indexes) collate(ctx, index, change);
    retype_in_views(after, name, column, change.type, change.collation);
  }
  for (const auto& name : ctx.before.owned_sequences(change.at.table->name)) {
    auto sequence = *ctx.before.sequence(name);
    if (!sequence.identity || sequence.owned_by_column != column) continue;
    if (const auto* now = after.table(change.at.table->name)->column(column); now->sequence)
      sequence.options = *now->sequence;
    after.put(std::move(sequence));
  }
}

}  // namespace mig::operations
