// What stands by itself: views, functions, sequences, and objects that are known by name and text.
#include "compiler/drift/change.hpp"
#include "compiler/operations/acl.hpp"
#include "compiler/operations/rebuild.hpp"
#include "compiler/operations/render.hpp"
#include "compiler/operations/server_text.hpp"

namespace mig::drift {

using catalog::Name;
using operations::expression;
using sql::Fragment;
using sql::Ident;
using sql::sql;

Made change_view(const Both& both, const Name& name) {
  Made made;
  const auto *from = both.from.view(name), *to = both.to.view(name);
  const auto* some = to != nullptr ? to : from;
  if (some == nullptr) return made;
  const auto word = some->materialized ? sql("MATERIALIZED VIEW") : sql("VIEW");
  if (from != nullptr && to != nullptr && from->definition == to->definition && from->options == to->options &&
      from->materialized == to->materialized) {
    if (from->owner != to->owner) made.add(sql("ALTER {} {} OWNER TO {}", word, name.sql(), Ident{to->owner}));
    if (from->comment != to->comment)
      made.add(sql("COMMENT ON {} {} IS {}", word, name.sql(), operations::comment_text(to->comment)));
    if (from->grants != to->grants) add_rights(made, both, *from, *to);
    if (from->populated != to->populated)
      made.add(sql("REFRESH MATERIALIZED VIEW {}{}", name.sql(), to->populated ? Fragment() : sql(" WITH NO DATA")));
    return made;
  }
  if (from != nullptr) {
    made.add(operations::drop_view(*from).text);
    made.mig.push_back(std::string("drop ") + (from->materialized ? "materialized " : "") + "view " + name.text() +
                       ";");
  }
  if (to != nullptr) {
    made.add(operations::make_view(both.context, *to));
    made.add(operations::make_view_parts(both.context, *to));
    auto definition = to->definition;
    while (!definition.empty() && (definition.back() == ';' || definition.back() == '\n')) definition.pop_back();
    const std::string head = to->materialized ? "materialized view " : "view ";
    made.mig = {(from != nullptr ? "replace " : "create ") + head + name.text() + " as " + definition + ";"};
  }
  return made;
}

namespace {

const catalog::Function* find_function(const catalog::Catalog& catalog, const Name& name,
                                       const std::string& arguments) {
  for (const auto* function : catalog.functions(name))
    if (function->arguments_key == arguments) return function;
  return nullptr;
}

// CREATE OR REPLACE FUNCTION … -> create/replace function …
std::string operation_of(const std::string& definition, bool replace) {
  const std::string head = "CREATE OR REPLACE ";
  if (definition.rfind(head, 0) != 0) return "";
  auto text = (replace ? "replace " : "create ") + definition.substr(head.size());
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text + ";";
}

Fragment signature(const catalog::Function& function) {
  return sql("{} {}({})", function.kind == "procedure" ? sql("PROCEDURE") : sql("FUNCTION"), function.name.sql(),
             expression(function.arguments_key));
}

}  // namespace

Made change_function(const Both& both, const Name& name, const std::string& arguments) {
  Made made;
  const auto *from = find_function(both.from, name, arguments), *to = find_function(both.to, name, arguments);
  const auto* some = to != nullptr ? to : from;
  if (some == nullptr) return made;
  if (some->kind == "aggregate") {
    made.note = "mig knows no statement for aggregates";
    return made;
  }
  if (to == nullptr) {
    made.add(operations::drop_function(*from).text);
    made.mig.push_back("drop " + from->kind + " " + name.text() + "(" + arguments + ");");
    return made;
  }
  if (from == nullptr) {
    made.add(operations::make_function(both.context, *to));
    made.mig.push_back(operation_of(to->definition, false));
    return made;
  }
  if (from->definition != to->definition) {
    made.add(operations::server_text(to->definition));
    made.mig.push_back(operation_of(to->definition, true));
  }
  if (from->owner != to->owner) made.add(sql("ALTER {} OWNER TO {}", signature(*to), Ident{to->owner}));
  if (from->comment != to->comment)
    made.add(sql("COMMENT ON {} IS {}", signature(*to), operations::comment_text(to->comment)));
  if (from->grants != to->grants) add_rights(made, both, *from, *to);
  return made;
}

Made change_sequence(const Both& both, const Name& name) {
  Made made;
  const auto *from = both.from.sequence(name), *to = both.to.sequence(name);
  const auto* some = to != nullptr ? to : from;
  if (some == nullptr) return made;
  if (some->identity) {
    made.note = "comes with its identity column";
    return made;
  }
  if (to == nullptr) {
    made.add(sql("DROP SEQUENCE {}", name.sql()));
    return made;
  }
  const auto& o = to->options;
  if (from == nullptr)
    made.add(sql("CREATE SEQUENCE {} AS {}{}{}", name.sql(), expression(o.type),
                 operations::sequence_options(o).empty() ? Fragment() : sql(" "), operations::sequence_options(o)));
  else if (from->options != o)
    made.add(sql("ALTER SEQUENCE {} AS {} INCREMENT BY {} MINVALUE {} MAXVALUE {} START WITH {} CACHE {} {}",
                 name.sql(), expression(o.type), expression(o.increment), expression(o.min), expression(o.max),
                 expression(o.start), expression(o.cache), o.cycle ? sql("CYCLE") : sql("NO CYCLE")));
  const bool owned = !to->owned_by.name.empty();
  if (from == nullptr ? owned : from->owned_by != to->owned_by || from->owned_by_column != to->owned_by_column)
    made.add(owned ? sql("ALTER SEQUENCE {} OWNED BY {}.{}", name.sql(), to->owned_by.sql(), Ident{to->owned_by_column})
                   : sql("ALTER SEQUENCE {} OWNED BY NONE", name.sql()));
  if (from != nullptr && from->owner != to->owner)
    made.add(sql("ALTER SEQUENCE {} OWNER TO {}", name.sql(), Ident{to->owner}));
  if (from == nullptr ? !to->comment.empty() : from->comment != to->comment)
    made.add(sql("COMMENT ON SEQUENCE {} IS {}", name.sql(), operations::comment_text(to->comment)));
  if (from != nullptr && from->grants != to->grants) add_rights(made, both, *from, *to);
  return made;
}

namespace {

// Kinds whose statements are a word and a name. What else they are stands in `facts`, each kind's own.
Fragment word_of(const std::string& kind) {
  if (kind == "schema") return sql("SCHEMA");
  if (kind == "extension") return sql("EXTENSION");
  if (kind == "publication") return sql("PUBLICATION");
  if (kind == "statistics") return sql("STATISTICS");
  if (kind == "subscription") return sql("SUBSCRIPTION");
  if (kind == "event trigger") return sql("EVENT TRIGGER");
  if (kind == "foreign server") return sql("SERVER");
  if (kind == "foreign data wrapper") return sql("FOREIGN DATA WRAPPER");
  if (kind == "collation") return sql("COLLATION");
  return {};
}

void create_object(Made& made, const catalog::Object& object, const Fragment& word, const Fragment& name) {
  if (object.kind == "schema" || object.kind == "extension") made.add(sql("CREATE {} {}", word, name));
  if (object.kind == "statistics")
    if (const auto definition = object.facts.find("definition"); definition != object.facts.end())
      made.add(operations::server_text(definition->second));
  if (made.sql.empty())
    made.note = "mig knows no statement that makes this " + object.kind;
  else if (!object.comment.empty())
    made.add(sql("COMMENT ON {} {} IS {}", word, name, operations::comment_text(object.comment)));
}

}  // namespace

Made change_object(const Both& both, const std::string& kind, const Name& name) {
  Made made;
  const auto *from = both.from.object(kind, name), *to = both.to.object(kind, name);
  const auto word = word_of(kind);
  if (word.empty() || (from == nullptr && to == nullptr)) return made;
  const auto named = name.schema.empty() ? ::mig::sql::fragment(Ident{name.name}) : ::mig::sql::fragment(name.sql());
  if (to == nullptr) {
    made.add(sql("DROP {} {}", word, named));
  } else if (from == nullptr) {
    create_object(made, *to, word, named);
  } else {
    if (from->owner != to->owner) made.add(sql("ALTER {} {} OWNER TO {}", word, named, Ident{to->owner}));
    if (from->comment != to->comment)
      made.add(sql("COMMENT ON {} {} IS {}", word, named, operations::comment_text(to->comment)));
    if (kind == "schema" && from->grants != to->grants) {
      const auto major = both.to.server.major();
      auto owned = *from;
      owned.owner = to->owner;
      const auto object = operations::rights_object_of_schema(*to, major);
      made.add(operations::rights_statements(
          both.context, {{object, operations::rights_object_of_schema(owned, major).rights, object.rights}}));
    }
    if (kind == "extension" && from->facts != to->facts)
      if (const auto version = to->facts.find("version"); version != to->facts.end())
        made.add(sql("ALTER EXTENSION {} UPDATE TO {}", named, ::mig::sql::Literal{version->second}));
  }
  return made;
}

}  // namespace mig::drift
