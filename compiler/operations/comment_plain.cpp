// Comments on what the catalog knows by name alone, as data: its word in SQL and its row in the system catalogs.
#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/steps.hpp"

namespace mig::operations {

namespace {

using sql::Fragment;
using sql::Ident;
using sql::Literal;

struct Plain {
  const char* hole;
  const char* kind;        // of the catalog's object
  Fragment (*word)();      // in COMMENT ON
  const char* class_name;  // its system catalog, with the columns of its name and, if it has one, its schema
  const char* name_column;
  const char* schema_column;
};

#define MIG_WORD(text) [] { return sql::sql(text); }
constexpr Plain plains[] = {
    {"extension", "extension", MIG_WORD("EXTENSION"), "pg_extension", "extname", nullptr},
    {"publication", "publication", MIG_WORD("PUBLICATION"), "pg_publication", "pubname", nullptr},
    {"statistics", "statistics", MIG_WORD("STATISTICS"), "pg_statistic_ext", "stxname", "stxnamespace"},
    {"collation", "collation", MIG_WORD("COLLATION"), "pg_collation", "collname", "collnamespace"},
    {"conversion", "conversion", MIG_WORD("CONVERSION"), "pg_conversion", "conname", "connamespace"},
    {"event_trigger", "event trigger", MIG_WORD("EVENT TRIGGER"), "pg_event_trigger", "evtname", nullptr},
    {"wrapper", "foreign data wrapper", MIG_WORD("FOREIGN DATA WRAPPER"), "pg_foreign_data_wrapper", "fdwname",
     nullptr},
    {"server", "foreign server", MIG_WORD("SERVER"), "pg_foreign_server", "srvname", nullptr},
    {"language", "language", MIG_WORD("LANGUAGE"), "pg_language", "lanname", nullptr},
    {"access_method", "access method", MIG_WORD("ACCESS METHOD"), "pg_am", "amname", nullptr},
    {"configuration", "text search configuration", MIG_WORD("TEXT SEARCH CONFIGURATION"), "pg_ts_config", "cfgname",
     "cfgnamespace"},
    {"dictionary", "text search dictionary", MIG_WORD("TEXT SEARCH DICTIONARY"), "pg_ts_dict", "dictname",
     "dictnamespace"},
};
#undef MIG_WORD

const catalog::Object* find(const Context& ctx, const Plain& plain) {
  if (const auto* name = ctx.call.get<syntax::Name>(plain.hole)) return ctx.before.object(plain.kind, {"", name->text});
  if (const auto* path = ctx.call.get<syntax::Path>(plain.hole))
    return first_of(ctx, as_name(*path),
                    [&](const catalog::Name& name) { return ctx.before.object(plain.kind, name); });
  return nullptr;
}

Fragment oid_of(const Plain& plain, const catalog::Name& name) {
  if (plain.schema_column == nullptr)
    return sql::sql("(SELECT o.oid FROM pg_catalog.{} o WHERE o.{} = {})", Ident{plain.class_name},
                    Ident{plain.name_column}, Literal{name.name});
  return sql::sql(
      "(SELECT o.oid FROM pg_catalog.{} o JOIN pg_catalog.pg_namespace n ON n.oid = o.{} WHERE n.nspname = {} AND o.{} "
      "= {}{})",
      Ident{plain.class_name}, Ident{plain.schema_column}, Literal{name.schema}, Ident{plain.name_column},
      Literal{name.name},
      // A collation of one name may be there for several encodings; that of the database counts.
      std::string_view(plain.class_name) == "pg_collation"
          ? sql::sql(" AND o.collencoding IN (-1, (SELECT d.encoding FROM pg_catalog.pg_database d WHERE d.datname = "
                     "pg_catalog.current_database()))")
          : Fragment{});
}

}  // namespace

std::string plain_kind(const std::string& hole) {
  for (const auto& plain : plains)
    if (hole == plain.hole) return plain.kind;
  return hole;
}

FoundTarget find_plain_target(const Context& ctx) {
  for (const auto& plain : plains) {
    const auto* object = find(ctx, plain);
    if (!object) continue;
    CommentTarget target;
    target.key = catalog::key(plain.kind, object->name);
    target.object = sql::sql("{} {}", plain.word(), object->name.sql());
    target.current = comment_of(oid_of(plain, object->name), plain.class_name);
    target.comment = object->comment;
    own(target, plain.kind, object->name, object->owner);
    target.set = [made = *object](catalog::Catalog& after, const std::string& text) {
      auto changed = made;
      changed.comment = text;
      after.put(std::move(changed));
    };
    return target;
  }
  return std::nullopt;
}

}  // namespace mig::operations
