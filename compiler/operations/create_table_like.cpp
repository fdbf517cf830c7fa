// What `like` copies: written out, so that the plan says every name and nothing depends on the server's choice.
#include <algorithm>

#include "compiler/operations/acl.hpp"
#include "compiler/operations/create_table.hpp"
#include "compiler/operations/names.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/resolve.hpp"

namespace mig::operations {

namespace {

void copy_identity(const Context& ctx, NewTable& made, const catalog::Column& from, catalog::Column& to) {
  to.identity = from.identity;
  to.sequence = from.sequence;
  catalog::Sequence sequence;
  sequence.name = {made.table.name.schema, free_relation_name(ctx, made.table, to.name, "seq")};
  sequence.owner = made.table.owner;
  sequence.grants = initial_grants(ctx, "sequences", made.table.name.schema);
  sequence.options = from.sequence.value_or(default_sequence(from.type));
  sequence.owned_by = made.table.name;
  sequence.owned_by_column = to.name;
  sequence.identity = true;
  sequence.persistence = made.table.persistence;
  made.sequences.push_back(std::move(sequence));
}

// NOT NULL, type and collation always; the rest as it is said.
void copy_column(const Context& ctx, NewTable& made, const catalog::Column& from, const syntax::LikeTable& like) {
  catalog::Column to;
  to.name = from.name;
  to.type = from.type;
  to.not_null = from.not_null;
  to.collation = from.collation;
  to.made_by = place(ctx);
  if (from.generated.empty() && like_includes(like, "defaults")) to.default_ = from.default_;
  if (!from.generated.empty() && like_includes(like, "generated")) {
    to.generated = from.generated;
    to.default_ = from.default_;
  }
  if (!from.identity.empty() && like_includes(like, "identity")) copy_identity(ctx, made, from, to);
  if (like_includes(like, "storage")) to.storage = from.storage;
  if (like_includes(like, "compression")) to.compression = from.compression;
  if (like_includes(like, "comments")) to.comment = from.comment;
  made.table.columns.push_back(std::move(to));
}

std::vector<std::string> columns_of_index(const catalog::Index& index) {
  std::vector<std::string> columns;
  for (const auto& part : index.parts) columns.push_back(part.column.empty() ? "expr" : part.column);
  columns.insert(columns.end(), index.include.begin(), index.include.end());
  return columns;
}

std::string joined(const std::vector<std::string>& columns) {
  std::string text;
  for (const auto& column : columns) text += (text.empty() ? "" : "_") + column;
  return text;
}

// A key becomes a key of the new table, an index without a constraint an index; both under names of the new table.
void copy_index(const Context& ctx, NewTable& made, const catalog::Table& source, const catalog::Index& from,
                bool comments) {
  auto index = from;
  index.parent.clear();
  index.definition.clear();
  index.replica_identity = index.clustered = false;
  index.valid = index.ready = index.live = true;
  if (!comments) index.comment.clear();
  const auto* key = from.constraint.empty() ? nullptr : source.constraint(from.constraint);
  const auto label = from.primary ? "pkey" : key ? (key->kind == "exclude" ? "excl" : "key") : "idx";
  index.name =
      free_relation_name(ctx, made.table, from.primary ? std::string{} : joined(columns_of_index(from)), label);
  if (!key) {
    made.plain_indexes.push_back(index.name);
    add_to(made.table, std::move(index));
    return;
  }
  auto constraint = *key;
  constraint.name = index.constraint = index.name;
  constraint.parent.clear();
  constraint.local = true;
  constraint.inherited = 0;
  if (!comments) constraint.comment.clear();
  if (key->kind == "exclude") add_to(made.table, std::move(index));
  add_to(made.table, std::move(constraint));
}

void copy_checks(NewTable& made, const catalog::Table& source, bool comments) {
  for (const auto& constraint : source.constraints) {
    if (constraint.kind != "check") continue;
    auto copy = constraint;
    copy.local = true;
    copy.inherited = 0;
    copy.validated = true;
    if (!comments) copy.comment.clear();
    add_to(made.table, std::move(copy));
  }
}

}  // namespace

// The last word counts: including all excluding indexes.
bool like_includes(const syntax::LikeTable& like, std::string_view what) {
  bool including = false;
  for (const auto& [yes, label] : like.options)
    if (label == what || label == "all") including = yes;
  return including;
}

void copy_like(const Context& ctx, NewTable& made, const syntax::LikeTable& like) {
  const auto* source = find_table(ctx, like.table);
  if (!source) return;
  const bool comments = like_includes(like, "comments");
  for (const auto& column : source->columns) copy_column(ctx, made, column, like);
  if (like_includes(like, "constraints")) copy_checks(made, *source, comments);
  if (!like_includes(like, "indexes")) return;
  for (const auto& index : source->indexes)
    if (index.valid) copy_index(ctx, made, *source, index, comments);
}

}  // namespace mig::operations
