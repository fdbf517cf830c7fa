// Functions and procedures as they are written, and as pg_get_functiondef() will print them.
#include <algorithm>

#include <fmt/format.h>

#include "compiler/operations/definition.hpp"
#include "compiler/operations/model.hpp"
#include "compiler/operations/resolve.hpp"
#include "compiler/operations/routine_types.hpp"
#include "compiler/operations/routines.hpp"
#include "compiler/operations/server_text.hpp"

namespace mig::operations {

namespace {

using Parameters = std::vector<syntax::Parameter>;
using Columns = std::vector<syntax::Column>;

const syntax::Path& path(const Context& ctx) { return *ctx.call.get<syntax::Path>("name"); }
const Parameters& parameters(const Context& ctx) { return *ctx.call.get<Parameters>("parameters"); }
const syntax::Type* returns(const Context& ctx) { return ctx.call.get<syntax::Type>("type"); }
const Columns* table(const Context& ctx) { return ctx.call.get<Columns>("columns"); }

std::string mode_of(const syntax::Parameter& parameter) { return parameter.mode.empty() ? "in" : parameter.mode; }
bool is_input(const std::string& mode) { return mode == "in" || mode == "inout" || mode == "variadic"; }

std::string language(const Context& ctx) {
  const auto* name = ctx.call.get<syntax::Name>("language");
  return name ? name->text : std::string{};
}

// ---- checks ----

void refuse(const Context& ctx, source::Span span, std::string message, std::string note) {
  ctx.sink.report(diagnostics::contradiction, span, std::move(message)).note(std::move(note));
}

void check_parameter_list(const Context& ctx, Routine kind) {
  std::vector<std::string> seen;
  bool defaults = false;
  for (const auto& parameter : parameters(ctx)) {
    const auto mode = mode_of(parameter);
    (void)require_routine_type(ctx, parameter.type);
    if (std::find(seen.begin(), seen.end(), parameter.name.text) != seen.end())
      refuse(ctx, parameter.name.span, fmt::format("the parameter `{}` stands twice", parameter.name.text),
             "give one of them another name (42P13)");
    seen.push_back(parameter.name.text);
    if (parameter.type.setof)
      refuse(ctx, parameter.type.span, "a parameter is no set", "write the type without setof, or an array");
    if (mode == "out" && kind == Routine::procedure)
      (void)require_server(ctx, 14, parameter.name.span, "a procedure with out parameters");
    if (mode == "out" && parameter.fallback)
      refuse(ctx, parameter.name.span, "an out parameter has no default", "take the default out");
    if (is_input(mode) && mode != "variadic" && defaults && !parameter.fallback)
      refuse(ctx, parameter.name.span, "a parameter after one with a default needs one, too",
             "move it before them, or give it a default (42P13)");
    defaults = defaults || parameter.fallback.has_value();
    if (mode == "variadic" && &parameter != &parameters(ctx).back())
      refuse(ctx, parameter.name.span, "the variadic parameter stands last", "move it to the end");
  }
}

void check_result(const Context& ctx) {
  const auto& list = parameters(ctx);
  const auto outs = std::count_if(list.begin(), list.end(),
                                  [](const auto& each) { return mode_of(each) == "out" || mode_of(each) == "inout"; });
  if (returns(ctx)) (void)require_routine_type(ctx, *returns(ctx));
  if (!returns(ctx) && !table(ctx) && outs == 0)
    refuse(ctx, ctx.call.phrase, "what does it return?",
           "write: returns type, returns table (…), or returns void after the parameters");
  if (!table(ctx)) return;
  if (outs > 0)
    refuse(ctx, ctx.call.phrase, "out parameters and `returns table` exclude each other", "write one of them");
  for (const auto& column : *table(ctx)) {
    (void)require_routine_type(ctx, column.definition.type);
    if (!column.definition.options.empty())
      refuse(ctx, column.span, "a column of a result has a name and a type only", "take the options out");
  }
}

void check_language(const Context& ctx) {
  const auto* name = ctx.call.get<syntax::Name>("language");
  if (!name) {
    refuse(ctx, ctx.call.phrase, "in which language is it written?", "write: language sql or language plpgsql");
    return;
  }
  if (name->text == "c" || name->text == "internal") {
    refuse(ctx, name->span, "its body is a symbol in a library, which mig cannot judge",
           "write: sql $$create function …$$ back $$drop function …$$");
    return;
  }
  if (name->text == "sql" || name->text == "plpgsql" || ctx.before.object("language", {{}, name->text})) return;
  std::vector<std::string> names{"sql", "plpgsql"};
  for (const auto& each : ctx.before.names("language")) names.push_back(each.name);
  report_unknown(ctx, diagnostics::unknown_object, *name, fmt::format("no language `{}`", name->text), names);
}

// ---- as the catalog has it ----

void add_arguments(const Context& ctx, catalog::Function& made) {
  for (const auto& parameter : parameters(ctx)) {
    catalog::FunctionArgument argument;
    argument.name = parameter.name.text;
    argument.type = routine_type(ctx, parameter.type).value_or("");
    argument.mode = mode_of(parameter);
    if (parameter.fallback) argument.default_ = text_of(ctx, *parameter.fallback);
    if (is_input(argument.mode)) made.arguments_key += (made.arguments_key.empty() ? "" : ", ") + argument.type;
    if (argument.mode == "variadic") made.variadic = variadic_element(ctx, argument.type);
    made.arguments.push_back(std::move(argument));
  }
  if (!table(ctx)) return;
  for (const auto& column : *table(ctx))
    made.arguments.push_back({column.name.text, routine_type(ctx, column.definition.type).value_or(""), "table", {}});
}

// The type of the result where it is not written: of the one out parameter, or a record of several.
void add_result(const Context& ctx, Routine kind, catalog::Function& made) {
  std::vector<std::string> outs;
  for (const auto& argument : made.arguments)
    if (argument.mode != "in" && argument.mode != "variadic") outs.push_back(argument.type);
  made.returns_set = table(ctx) || (returns(ctx) && returns(ctx)->setof);
  if (kind == Routine::procedure)
    made.returns = outs.empty() ? "void" : "record";
  else if (returns(ctx))
    made.returns = routine_type(ctx, *returns(ctx)).value_or("");
  else
    made.returns = outs.size() == 1 ? outs.front() : "record";
}

std::string argument_text(const catalog::Function& function, const catalog::FunctionArgument& argument, int major) {
  std::string text;
  if (argument.mode == "out") text = "OUT ";
  if (argument.mode == "inout") text = "INOUT ";
  if (argument.mode == "variadic") text = "VARIADIC ";
  // From 14 on a procedure's modes are all printed.
  if (argument.mode == "in" && function.kind == "procedure" && major >= 14) text = "IN ";
  if (!argument.name.empty()) text += sql::quote_ident(argument.name) + " ";
  text += argument.type;
  return argument.default_.empty() ? text : text + " DEFAULT " + argument.default_;
}

std::string argument_list(const catalog::Function& function, bool of_table, int major) {
  std::string text;
  for (const auto& argument : function.arguments)
    if ((argument.mode == "table") == of_table)
      text += (text.empty() ? "" : ", ") + argument_text(function, argument, major);
  return text;
}

std::string result_text(const catalog::Function& function, int major) {
  const auto columns = argument_list(function, true, major);
  if (!columns.empty()) return fmt::format("TABLE({})", columns);
  return (function.returns_set ? "SETOF " : "") + function.returns;
}

// $function$ … $function$, with a tag that the body does not hold.
std::string dollar_quoted(const std::string& body, std::string tag) {
  while (body.find("$" + tag) != std::string::npos) tag += 'x';
  return fmt::format("${0}${1}${0}$", tag, body);
}

std::string definition(const Context& ctx, const catalog::Function& function, const RoutineExtras& extras) {
  const auto major = ctx.before.server.major();
  const bool procedure = function.kind == "procedure";
  auto text = fmt::format("CREATE OR REPLACE {} {}({})\n", procedure ? "PROCEDURE" : "FUNCTION", function.name.text(),
                          argument_list(function, false, major));
  if (!procedure) text += fmt::format(" RETURNS {}\n", result_text(function, major));
  const auto* body = ctx.call.get<syntax::Body>("body");
  return text + " " + options_text(function, extras) + "AS " +
         dollar_quoted(body ? body->text : std::string{}, procedure ? "procedure" : "function") + "\n";
}

}  // namespace

bool require_new_routine(const Context& ctx, Routine kind) {
  const auto* written = ctx.call.get<syntax::Path>("name");
  if (!written || !ctx.call.get<Parameters>("parameters")) return false;
  if (written->parts.size() > 2) {
    ctx.sink.report(diagnostics::incomplete_name, written->span, "a new name is written `name` or `schema.name`");
    return false;
  }
  if (!require_name(ctx, written->parts.back())) return false;
  if (written->parts.size() == 2 && !require_schema(ctx, written->parts.front())) return false;
  const auto made = written_routine(ctx, kind);
  for (const auto* other : ctx.before.functions(made.name))
    if (other->arguments_key == made.arguments_key) {
      ctx.sink
          .report(diagnostics::duplicate_name, written->span,
                  fmt::format("there is {} {} `{}` already", other->kind == "aggregate" ? "an" : "a", other->kind,
                              signature(*other)))
          .note(other->kind == word(kind) ? fmt::format("write: replace {} {} …", word(kind), made.name.text())
                                          : "write another name: functions, procedures and aggregates share theirs");
      return false;
    }
  return require_create(ctx, made.name.schema, written->span);
}

void check_routine(const Context& ctx, Routine kind) {
  check_language(ctx);
  check_parameter_list(ctx, kind);
  if (kind == Routine::function) check_result(ctx);
  check_routine_options(ctx, kind);
  const auto made = written_routine(ctx, kind);
  if (made.language == "sql" && (made.returns == "trigger" || made.returns == "event_trigger"))
    refuse(ctx, ctx.call.phrase, "a function in SQL cannot be a trigger's", "write: language plpgsql (42P13)");
  check_routine_body(ctx, made);
}

catalog::Function written_routine(const Context& ctx, Routine kind) {
  catalog::Function made;
  made.name = new_name(ctx, path(ctx));
  made.kind = word(kind);
  made.language = language(ctx);
  made.owner = ctx.before.server.role;
  add_arguments(ctx, made);
  add_result(ctx, kind, made);
  RoutineExtras extras;
  apply_routine_options(ctx, made, extras);
  made.definition = definition(ctx, made, extras);
  return made;
}

}  // namespace mig::operations
