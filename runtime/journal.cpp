// libpqxx asks, journal_rows.cpp understands. Only calls that 6.4 and 7.x both have.
#include "runtime/journal.hpp"

#include <pqxx/pqxx>

#include "runtime/journal_rows.hpp"

namespace mig::runtime {

namespace {

Rows rows_of(const pqxx::result& result) {
  Rows rows;
  for (pqxx::row::size_type c = 0; c < result.columns(); ++c) rows.columns.emplace_back(result.column_name(c));
  for (pqxx::result::size_type r = 0; r < result.size(); ++r) {
    auto& row = rows.rows.emplace_back();
    for (pqxx::row::size_type c = 0; c < result.columns(); ++c) {
      const auto field = result[r][c];
      if (field.is_null())
        row.emplace_back(std::nullopt);
      else
        row.emplace_back(std::string(field.c_str(), field.size()));
    }
  }
  return rows;
}

DatabaseError lost(const pqxx::broken_connection& error) {
  DatabaseError mine(error.what());
  mine.message = error.what();
  return mine;
}

DatabaseError refused(const pqxx::sql_error& error) {
  DatabaseError mine(error.what());
  mine.message = error.what();
  mine.sqlstate = error.sqlstate();
  if (mine.sqlstate == "42501")
    mine.hint = "GRANT USAGE ON SCHEMA mig TO …; GRANT SELECT ON ALL TABLES IN SCHEMA mig TO …; by the journal's owner";
  return mine;
}

}  // namespace

struct JournalReader::Impl {
  explicit Impl(const Target& target) try : connection(target.conninfo) {
  } catch (const pqxx::broken_connection& error) {
    throw lost(error);
  } catch (const pqxx::sql_error& error) {
    throw refused(error);
  }

  // One read-only snapshot for all questions of a call.
  template <class Read>
  auto read(const Read& questions) {
    try {
      pqxx::read_transaction transaction(connection);
      transaction.exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      return questions([&](const sql::Fragment& query) { return rows_of(transaction.exec(query.text())); });
    } catch (const pqxx::broken_connection& error) {
      throw lost(error);
    } catch (const pqxx::sql_error& error) {
      throw refused(error);
    }
  }

  pqxx::connection connection;
};

JournalReader::JournalReader(const Target& target) : impl_(std::make_unique<Impl>(target)) {}
JournalReader::~JournalReader() = default;

int JournalReader::format() const {
  return impl_->read([](const Ask& ask) { return read_format(ask); });
}

std::vector<MigrationRow> JournalReader::migrations() const {
  return impl_->read([](const Ask& ask) { return read_migrations(ask, std::nullopt); });
}

std::optional<MigrationRow> JournalReader::migration(const std::string& name) const {
  auto found = impl_->read([&](const Ask& ask) { return read_migrations(ask, name); });
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<std::string> JournalReader::plan_text(const std::string& hash) const {
  return impl_->read([&](const Ask& ask) { return read_plan_text(ask, hash); });
}

std::vector<KeptRow> JournalReader::kept() const {
  return impl_->read([](const Ask& ask) { return read_kept(ask); });
}

std::vector<BackupRow> JournalReader::backups() const {
  return impl_->read([](const Ask& ask) { return read_backups(ask); });
}

std::vector<RunRow> JournalReader::runs(const std::string& migration) const {
  return impl_->read([&](const Ask& ask) { return read_runs(ask, migration); });
}

bool JournalReader::running() const {
  return impl_->read([](const Ask& ask) { return read_lock_holder(ask).has_value(); });
}

}  // namespace mig::runtime
