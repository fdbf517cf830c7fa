// The objects that a call names by kind and name.
#include "compiler/operations/grant_objects.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/comment_targets.hpp"
#include "compiler/operations/kind_words.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/types.hpp"

namespace mig::operations {

namespace {

using Objects = std::vector<RightsObject>;

std::vector<std::string> candidates(const Context& ctx, std::string_view kind) {
  std::vector<std::string> names;
  for (const auto& name : ctx.before.names(kind)) names.push_back(name.name);
  return names;
}

bool missing(const Context& ctx, const std::string& kind, std::string_view list, const syntax::Path& path) {
  if (report_other_kind(ctx, path, "a " + kind)) return false;
  report_unknown(ctx, diagnostics::unknown_object, path.parts.back(),
                 fmt::format("no {} `{}`", kind, ctx.files.text(path.span)), candidates(ctx, list));
  return false;
}

// ---- relations, sequences, types: a list of paths ----

template <class Look>
bool each_path(const Context& ctx, const char* hole, const std::string& kind, std::string_view list, bool report,
               Objects& objects, const Look& look) {
  const auto* paths = ctx.call.get<std::vector<syntax::Path>>(hole);
  bool good = true;
  if (paths)
    for (const auto& path : *paths) {
      const auto* found = first_of(ctx, as_name(path), look);
      if (found)
        objects.push_back(rights_object(*found, ctx.before.server.major()));
      else if (report)
        good = missing(ctx, kind, list, path);
    }
  return good;
}

bool relations(const Context& ctx, bool report, Objects& objects) {
  const auto view = [&](bool materialized) {
    return [&ctx, materialized](const catalog::Name& name) {
      const auto* found = ctx.before.view(name);
      return found && found->materialized == materialized ? found : nullptr;
    };
  };
  bool good = true;
  if (const auto* paths = ctx.call.get<std::vector<syntax::Path>>("table"))
    for (const auto& path : *paths) {
      const auto* table = report ? require_table(ctx, path) : find_table(ctx, path);
      if (table) objects.push_back(rights_object(*table, ctx.before.server.major()));
      good = table && good;
    }
  good = each_path(ctx, "view", "view", "view", report, objects, view(false)) && good;
  good = each_path(ctx, "matview", "materialized view", "view", report, objects, view(true)) && good;
  return each_path(ctx, "sequence", "sequence", "sequence", report, objects,
                   [&](const catalog::Name& name) { return ctx.before.sequence(name); }) &&
         good;
}

bool types(const Context& ctx, bool report, Objects& objects) {
  const auto type = [&](bool domain) {
    return [&ctx, domain](const catalog::Name& name) -> const catalog::Type* {
      const auto* found = ctx.before.type(name);
      return found && (!domain || found->kind == "domain") ? found : nullptr;
    };
  };
  const bool good = each_path(ctx, "type", "type", "type", report, objects, type(false));
  return each_path(ctx, "domain", "domain", "type", report, objects, type(true)) && good;
}

// ---- functions ----

std::string argument_types(const Context& ctx, const std::vector<syntax::Type>& types) {
  std::string text;
  for (const auto& type : types) {
    const auto found = find_type(ctx, type);
    text += (text.empty() ? "" : ", ") + (found ? found->text : std::string{});
  }
  return text;
}

bool is_kind(const catalog::Function& function, std::string_view kind) {
  const bool special = function.kind == "procedure" || function.kind == "aggregate";
  return special ? function.kind == kind : kind == "function";
}

std::vector<const catalog::Function*> functions(const Context& ctx, const syntax::Callable& callable,
                                                std::string_view kind) {
  const auto wanted = as_name(callable.path);
  std::vector<const catalog::Function*> found;
  for (const auto& schema : schemas_of(ctx, wanted)) {
    for (const auto* function : ctx.before.functions({schema, wanted.name}))
      if (is_kind(*function, kind) &&
          (!callable.types || function->arguments_key == argument_types(ctx, *callable.types)))
        found.push_back(function);
    if (!found.empty()) break;
  }
  return found;
}

bool report_function(const Context& ctx, const syntax::Callable& callable, std::string_view kind,
                     const std::vector<const catalog::Function*>& found) {
  const auto text = ctx.files.text(callable.span);
  if (found.empty() && !callable.types && report_other_kind(ctx, callable.path, fmt::format("a {}", kind)))
    return false;
  if (found.empty()) {
    report_unknown(ctx, diagnostics::unknown_object, callable.path.parts.back(), fmt::format("no {} `{}`", kind, text),
                   candidates(ctx, "function"))
        .note(fmt::format("write: {} name(argument types), where several have one name", kind));
    return false;
  }
  auto& diagnostic = ctx.sink.report(diagnostics::incomplete_name, callable.span,
                                     fmt::format("there are several {}s `{}`", kind, text));
  for (const auto* function : found)
    diagnostic.note(fmt::format("found: {}({})", function->name.text(), function->arguments_key));
  return false;
}

bool callables(const Context& ctx, const char* kind, bool report, Objects& objects) {
  const auto* list = ctx.call.get<std::vector<syntax::Callable>>(kind);
  bool good = true;
  if (list)
    for (const auto& callable : *list) {
      const auto found = functions(ctx, callable, kind);
      if (found.size() == 1)
        objects.push_back(rights_object(*found.front(), ctx.before.server.major()));
      else if (report)
        good = report_function(ctx, callable, kind, found);
    }
  return good;
}

// ---- schemas, and all of them ----

bool schemas(const Context& ctx, bool report, Objects& objects) {
  const auto* names = ctx.call.get<std::vector<syntax::Name>>("schema");
  bool good = true;
  if (names)
    for (const auto& name : *names) {
      const auto* schema = ctx.before.object("schema", {"", name.text});
      if (schema)
        objects.push_back(rights_object_of_schema(*schema, ctx.before.server.major()));
      else if (report)
        good = require_schema(ctx, name);
    }
  return good;
}

void add_all(const Context& ctx, std::string_view hole, const std::string& schema, Objects& objects) {
  const auto major = ctx.before.server.major();
  const auto each = [&](std::string_view kind, const auto& add) {
    for (const auto& name : ctx.before.names(kind))
      if (name.schema == schema) add(name);
  };
  if (hole == "tables_in") {
    each("table", [&](const auto& name) { objects.push_back(rights_object(*ctx.before.table(name), major)); });
    each("view", [&](const auto& name) { objects.push_back(rights_object(*ctx.before.view(name), major)); });
  } else if (hole == "sequences_in") {
    each("sequence", [&](const auto& name) { objects.push_back(rights_object(*ctx.before.sequence(name), major)); });
  } else {
    each("function", [&](const auto& name) {
      for (const auto* function : ctx.before.functions(name))
        if ((function->kind == "procedure") == (hole == "procedures_in"))
          objects.push_back(rights_object(*function, major));
    });
  }
}

bool all_in_schemas(const Context& ctx, bool report, Objects& objects) {
  bool good = true;
  for (const auto* hole : {"tables_in", "sequences_in", "functions_in", "procedures_in"}) {
    const auto* names = ctx.call.get<std::vector<syntax::Name>>(hole);
    if (!names) continue;
    for (const auto& name : *names) {
      if (report && !require_schema(ctx, name)) {
        good = false;
        continue;
      }
      const auto count = objects.size();
      add_all(ctx, hole, name.text, objects);
      if (!report || objects.size() > count) continue;
      const std::string_view text(hole);
      ctx.sink.report(
          diagnostics::nothing_to_do, name.span,
          fmt::format("schema `{}` has no {}", sql::quote_ident(name.text), text.substr(0, text.find('_'))));
      good = false;
    }
  }
  return good;
}

bool collect(const Context& ctx, bool report, Objects& objects) {
  bool good = relations(ctx, report, objects);
  good = types(ctx, report, objects) && good;
  for (const auto* kind : {"function", "procedure", "aggregate"}) good = callables(ctx, kind, report, objects) && good;
  good = schemas(ctx, report, objects) && good;
  return all_in_schemas(ctx, report, objects) && good;
}

}  // namespace

Objects objects_of_call(const Context& ctx) {
  Objects objects;
  (void)collect(ctx, false, objects);
  return objects;
}

bool require_objects(const Context& ctx) {
  Objects objects;
  return collect(ctx, true, objects);
}

}  // namespace mig::operations
