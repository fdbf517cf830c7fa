// The session by libpqxx: only what 6.4 and 7 both have.
#include "runtime/introspect/link.hpp"

#include <charconv>
#include <pqxx/pqxx>

namespace mig::runtime::introspection {

namespace {

DatabaseError error_of(const std::string& message, const std::string& sqlstate) {
  DatabaseError error(message);
  error.message = message;
  error.sqlstate = sqlstate;
  return error;
}

// libpqxx's errors as ours. A lost connection is an sql_error's sibling, not its child.
template <class Work>
auto guarded(Work work) {
  try {
    return work();
  } catch (const pqxx::broken_connection& e) {
    throw error_of(e.what(), {});
  } catch (const pqxx::sql_error& e) {
    throw error_of(e.what(), e.sqlstate());
  }
}

int parse_int(std::string_view text, std::size_t& at) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), value);
  at = static_cast<std::size_t>(end - text.data());
  return error == std::errc{} ? value : 0;
}

}  // namespace

struct Answer::Cells {
  pqxx::result rows;
  pqxx::result::size_type taken = 0;  // unsigned in 6.4, signed in 7: so the row in hand is the one before
  int cell = 0;
};

Answer::Answer(std::unique_ptr<Cells> cells) : cells_(std::move(cells)) {}
Answer::Answer(Answer&&) noexcept = default;
Answer& Answer::operator=(Answer&&) noexcept = default;
Answer::~Answer() = default;

bool Answer::next() {
  cells_->cell = 0;
  if (cells_->taken >= cells_->rows.size()) return false;
  ++cells_->taken;
  return true;
}

std::optional<std::string_view> Answer::maybe() {
  const auto field = cells_->rows[cells_->taken - 1][static_cast<pqxx::row::size_type>(cells_->cell++)];
  if (field.is_null()) return std::nullopt;
  return std::string_view(field.c_str(), field.size());  // owned by the result, which outlives the field
}

char Answer::letter() {
  const auto cell = view();
  return cell.empty() ? '\0' : cell.front();
}

long long Answer::number() {
  const auto cell = view();
  long long value = 0;
  std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return value;
}

double Answer::real() {
  const auto cell = view();
  double value = 0;
  std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return value;
}

std::vector<std::string> Answer::list() { return array(view()); }

std::vector<int> Answer::numbers() {
  const auto cell = view();
  std::vector<int> values;
  for (std::size_t at = 0; at < cell.size();)
    if (cell[at] == '-' || (cell[at] >= '0' && cell[at] <= '9'))
      values.push_back(parse_int(cell, at));
    else
      ++at;
  return values;
}

std::vector<std::string> array(std::string_view text) {
  std::vector<std::string> items;
  if (text.size() < 2 || text.front() != '{') return items;
  text = text.substr(1, text.size() - 2);
  for (std::size_t at = 0; at < text.size(); ++at) {  // each turn ends on the comma behind an item
    std::string item;
    const bool quoted = text[at] == '"';
    if (quoted) {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        item += text[at];
      }
      ++at;
    } else {
      for (; at < text.size() && text[at] != ','; ++at) item += text[at];
    }
    if (!quoted && item == "NULL") item.clear();
    items.push_back(std::move(item));
  }
  return items;
}

struct Link::Session {
  explicit Session(const std::string& conninfo) : connection(conninfo), work(connection) {}
  pqxx::connection connection;
  // The transaction is begun and ended by our own statements: how to ask for a read-only one differs in libpqxx 7.
  pqxx::nontransaction work;
};

Link::Link(const Target& target)
    : session_(guarded([&] { return std::make_unique<Session>(target.conninfo); })),
      version_(session_->connection.server_version()) {}

Link::~Link() = default;

Answer Link::ask(std::string_view query) {
  return guarded([&] {
    auto cells = std::make_unique<Answer::Cells>();
    cells->rows = session_->work.exec(for_version(query, version_ / 10000));
    return Answer(std::move(cells));
  });
}

void Link::tell(std::string_view statement) {
  guarded([&] { static_cast<void>(session_->work.exec(std::string(statement))); });
}

}  // namespace mig::runtime::introspection
