// Connection strings as text.
#include "cli/url.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace mig::cli {

namespace {

// Parameters of Prisma, Rails, Django, SQLAlchemy and node pools that libpq refuses. libpq's own are not listed: what
// it does not know it names itself.
constexpr std::array<std::string_view, 21> foreign{"schema",
                                                   "connection_limit",
                                                   "pool_timeout",
                                                   "pgbouncer",
                                                   "socket_timeout",
                                                   "sslidentity",
                                                   "sslaccept",
                                                   "pool",
                                                   "statement_cache_size",
                                                   "prepared_statements",
                                                   "pool_size",
                                                   "max_connections",
                                                   "checkout_timeout",
                                                   "reaping_frequency",
                                                   "conn_max_age",
                                                   "adapter",
                                                   "encoding",
                                                   "connectionLimit",
                                                   "poolSize",
                                                   "single_use_connections",
                                                   "pool_max_conns"};

bool is_url(std::string_view text) {
  return text.substr(0, 11) == "postgres://" || text.substr(0, 13) == "postgresql://";
}

int hex(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

std::string decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      decoded += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

std::string encode(std::string_view text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos)
      encoded += c;
    else
      (encoded += '%') += {digits[static_cast<unsigned char>(c) >> 4U], digits[static_cast<unsigned char>(c) & 15U]};
  }
  return encoded;
}

// `-c search_path=…` as the server's command line wants it: quoted as an identifier, blanks and backslashes escaped.
std::string search_path_option(const std::string& schema) {
  std::string quoted = "-csearch_path=\"";
  for (const char c : schema) {
    if (c == '"') quoted += '"';
    if (c == ' ' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parts;
}

std::string without_dialect(const std::string& url, CleanUrl& clean) {
  if (url.rfind("jdbc:", 0) == 0) {
    clean.ignored.emplace_back("jdbc:");
    return url.substr(5);
  }
  const auto scheme = url.substr(0, url.find("://"));
  const auto plus = scheme.find('+');
  if (scheme.size() == url.size() || plus == std::string::npos) return url;
  if (scheme.substr(0, plus) != "postgresql" && scheme.substr(0, plus) != "postgres") return url;
  clean.ignored.push_back(scheme.substr(plus));
  return scheme.substr(0, plus) + url.substr(scheme.size());
}

void take_parameter(const std::string& parameter, CleanUrl& clean, std::vector<std::string>& kept,
                    std::string& options) {
  const auto equals = parameter.find('=');
  const auto name = parameter.substr(0, equals);
  const auto value = equals == std::string::npos ? "" : decode(std::string_view(parameter).substr(equals + 1));
  if (name == "options")
    options = value;
  else if (std::find(foreign.begin(), foreign.end(), name) == foreign.end())
    kept.push_back(parameter);
  else if (name == "schema")
    clean.search_path = value;
  else
    clean.ignored.push_back(parameter);
  if (name == "pgbouncer" && value == "true") clean.pooler = true;
}

// Everything between the user's name and the last `@`: where a password contains `@`, `/` or `:`, libpq splits it and
// may quote any piece of it.
void secrets_of_userinfo(const std::string& rest, std::vector<std::string>& secrets) {
  const auto colon = rest.find(':'), at = rest.rfind('@');
  if (colon == std::string::npos || at == std::string::npos || colon > at) return;
  const auto password = rest.substr(colon + 1, at - colon - 1);
  secrets.insert(secrets.end(), {password, decode(password)});
  std::string piece;
  for (const char c : password + "@") {
    if (std::string_view("@/:?#&%").find(c) == std::string_view::npos)
      piece += c;
    else if (piece.size() > 2)
      secrets.push_back(std::exchange(piece, ""));
    else
      piece.clear();
  }
}

std::vector<std::string> secrets_of(const std::string& conninfo) {
  std::vector<std::string> secrets;
  if (const auto scheme = conninfo.find("://"); scheme != std::string::npos)
    secrets_of_userinfo(conninfo.substr(scheme + 3), secrets);
  for (auto at = conninfo.find("password"); at != std::string::npos; at = conninfo.find("password", at + 1)) {
    const auto begin = conninfo.find_first_not_of(" =", at + 8);
    if (begin == std::string::npos) break;
    const std::size_t quote = conninfo[begin] == '\'' ? 1 : 0;
    const auto end = conninfo.find_first_of(quote != 0 ? "'" : " &", begin + 1);
    secrets.push_back(conninfo.substr(begin + quote, end == std::string::npos ? end : end - begin - quote));
  }
  return secrets;
}

}  // namespace

CleanUrl clean_url(const std::string& url) {
  CleanUrl clean;
  clean.conninfo = without_dialect(url, clean);
  const auto question = clean.conninfo.find('?');
  if (!is_url(clean.conninfo) || question == std::string::npos) return clean;
  std::vector<std::string> kept;
  std::string options;
  for (const auto& parameter : split(std::string_view(clean.conninfo).substr(question + 1), '&'))
    take_parameter(parameter, clean, kept, options);
  if (clean.search_path.empty() && clean.ignored.empty()) return clean;
  if (!clean.search_path.empty()) options += (options.empty() ? "" : " ") + search_path_option(clean.search_path);
  if (!options.empty()) kept.push_back("options=" + encode(options));
  clean.conninfo.resize(question);
  for (std::size_t i = 0; i < kept.size(); ++i) clean.conninfo += (i == 0 ? "?" : "&") + kept[i];
  return clean;
}

bool has_password(const std::string& conninfo) {
  const auto secrets = secrets_of(conninfo);
  return std::any_of(secrets.begin(), secrets.end(), [](const auto& secret) { return !secret.empty(); });
}

std::string without_secrets(std::string message, const std::string& conninfo) {
  auto secrets = secrets_of(conninfo);
  std::sort(secrets.begin(), secrets.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  for (const auto& secret : secrets)
    for (auto at = secret.empty() ? std::string::npos : message.find(secret); at != std::string::npos;
         at = message.find(secret, at + 3))
      message.replace(at, secret.size(), "***");
  return message;
}

}  // namespace mig::cli
