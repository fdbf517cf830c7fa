// Names of the environment: the process's own, and those of .env that it does not set.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mig::cli {

// What a .env file says. A line that is no KEY=VALUE is named by its number, never by its text: it may be a secret.
struct EnvFile {
  std::map<std::string, std::string> values;
  std::vector<int> unread;  // line numbers
};

// KEY=VALUE lines; blank lines and # comments; an `export ` before the name; 'single' quotes as they are, "double"
// quotes with \n \t \" \\ and \$, both over several lines; bare values end before ` #`. Nothing is expanded.
[[nodiscard]] EnvFile read_env_file(std::string_view text);

struct Variable {
  std::string value;
  std::string origin;  // "PGHOST", or "DATABASE_URL in .env"
  bool from_file = false;
};

class Environment {
 public:
  Environment(std::map<std::string, std::string> process, EnvFile file, std::string file_name);
  // The variable, where it is set and not empty.
  [[nodiscard]] std::optional<Variable> get(const std::string& name) const;
  [[nodiscard]] const EnvFile& file() const { return file_; }
  [[nodiscard]] const std::string& file_name() const { return file_name_; }

 private:
  std::map<std::string, std::string> process_;
  EnvFile file_;
  std::string file_name_;
};

}  // namespace mig::cli
