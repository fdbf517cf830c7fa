// psql's own syntax around SQL.
#include "compiler/plan/script.hpp"

#include <fmt/format.h>

namespace mig::plan {

using sql::Fragment;
using sql::Literal;
using sql::sql;

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

// Where the quoted text, comment or dollar body that begins at `at` ends; `at` itself where none begins.
std::size_t end_of_quote(std::string_view text, std::size_t at) {
  const auto from = [&](std::size_t found, std::size_t length) {
    return found == std::string_view::npos ? text.size() : found + length;
  };
  const char c = text[at];
  if (c == '\'' || c == '"') {
    const bool escapes =
        c == '\'' && at > 0 && (text[at - 1] == 'E' || text[at - 1] == 'e') && (at < 2 || !is_word(text[at - 2]));
    for (auto i = at + 1; i < text.size(); ++i) {
      if (escapes && text[i] == '\\')
        ++i;
      else if (text[i] == c)
        return i + 1;  // a doubled quote begins another quoted text at once
    }
    return text.size();
  }
  if (text.substr(at, 2) == "--") return from(text.find('\n', at), 1);
  if (text.substr(at, 2) == "/*") {
    int depth = 1;
    auto i = at + 2;
    for (; i < text.size() && depth > 0; ++i) {
      if (text.substr(i, 2) == "/*")
        ++depth, ++i;
      else if (text.substr(i, 2) == "*/")
        --depth, ++i;
    }
    return i;
  }
  if (c == '$' && (at == 0 || !is_word(text[at - 1]))) {
    auto close = at + 1;
    while (close < text.size() && is_word(text[close])) ++close;
    if (close < text.size() && text[close] == '$' && !(text[at + 1] >= '0' && text[at + 1] <= '9')) {
      const auto tag = text.substr(at, close - at + 1);
      return from(text.find(tag, close + 1), tag.size());
    }
  }
  return at;
}

// A string in a meta-command: in single quotes psql neither runs backquotes nor puts in variables.
std::string quoted_argument(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "''";
    else if (c == '\\')
      out += "\\\\";
    else
      out += static_cast<unsigned char>(c) < 0x20U ? ' ' : c;
  }
  return out + "'";
}

// A body between dollar quotes whose tag does not stand in it.
Fragment do_block(const Fragment& body) {
  if (body.text().find("$mig$") == std::string::npos) return sql("DO $mig$\n{}\n$mig$", body);
  return sql("DO {}", Literal{body.text()});
}

Fragment raise(std::string_view message, std::string_view hint) {
  return sql("RAISE EXCEPTION USING MESSAGE = {}, HINT = {};", Literal{std::string(message)},
             Literal{std::string(hint)});
}

}  // namespace

std::string psql_text(const Fragment& statement) {
  const std::string_view text = statement.text();
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (const auto end = end_of_quote(text, i); end > i) {
      out += text.substr(i, end - i);
      i = end;
      continue;
    }
    if (text.substr(i, 2) == "::" || text.substr(i, 2) == ":=") {
      out += text.substr(i, 2);
      i += 2;
      continue;
    }
    const char next = i + 1 < text.size() ? text[i + 1] : ' ';
    if (text[i] == ':' && (is_word(next) || next == '\'' || next == '"' || next == '{')) out += '\\';
    out += text[i++];
  }
  return out;
}

std::string variable(std::string_view step_id) {
  std::string out(step_id);
  for (auto& c : out)
    if (!is_word(c)) c = '_';
  return out;
}

void Script::comment(std::string_view text) {
  std::string clean(text);
  for (auto& c : clean)
    if (static_cast<unsigned char>(c) < 0x20U) c = ' ';
  line(clean.empty() ? "--" : "-- " + clean);
}

void Script::send(const Fragment& statement) {
  const auto text = psql_text(statement);
  // A statement of the user's own may end in a comment, which would take the semicolon along.
  const auto last_line = text.substr(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n'));
  line(last_line.find("--") == std::string::npos ? text + ";" : text + "\n;");
}

void Script::record(const Fragment& statement) { line(statement.text() + ";"); }

void Script::ask(const Fragment& question, std::string_view prefix) {
  line(fmt::format("{} \\gset {}", question.text(), prefix));
}

void Script::answer(const Fragment& question) { line(psql_text(question) + " \\gset mig_"); }

void Script::say(std::string_view text) { line("\\echo " + quoted_argument(text)); }

void Script::stop(std::string_view message, std::string_view hint) {
  send(do_block(sql("BEGIN\n  {}\nEND", raise(message, hint))));
}

void Script::stop_if(const Fragment& condition, std::string_view message, std::string_view hint) {
  send(do_block(sql("BEGIN\n  IF {} THEN\n    {}\n  END IF;\nEND", condition, raise(message, hint))));
}

void Script::stop_if_rows(const Fragment& query, std::string_view message, std::string_view hint) {
  send(
      do_block(sql("BEGIN\n  IF EXISTS ({}) THEN\n    {}\n  END IF;\n"
                   "EXCEPTION WHEN undefined_table OR undefined_column OR invalid_schema_name THEN\n"
                   "  NULL;  -- what it names is called otherwise by now: the way back itself will tell\nEND",
                   query, raise(message, hint))));
}

void Script::warn_of_left(const Fragment& question) {
  send(do_block(sql(
      "DECLARE l record;\nBEGIN\n  FOR l IN {} LOOP\n"
      "    RAISE WARNING '% rows of % did not go back, and why stands with what they were before: SELECT * FROM %',\n"
      "      l.rows, l.relation, l.kept;\n  END LOOP;\nEND",
      question)));
}

void Script::when(std::string_view variable_name) { line(fmt::format("\\if :{}", variable_name)); }

}  // namespace mig::plan
