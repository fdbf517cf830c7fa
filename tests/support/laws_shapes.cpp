// Shapes: the example world in other clothes, and example texts that follow it.
#include <cctype>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/support/laws.hpp"

namespace mig::tests::laws {

namespace {

bool word_begin(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool word_part(char c) { return word_begin(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '$'; }

// The end of the token at `i`: comments, strings and quoted names whole, so that words within are left alone.
std::size_t token_end(std::string_view text, std::size_t i, bool bodies_whole = false) {
  const auto find = [&](std::string_view what, std::size_t from) {
    const auto at = text.find(what, from);
    return at == std::string_view::npos ? text.size() : at + what.size();
  };
  if (text.substr(i, 2) == "--") return find("\n", i);
  if (text.substr(i, 2) == "/*") return find("*/", i + 2);
  if (text[i] == '\'' || text[i] == '"') return find(text.substr(i, 1), i + 1);
  if (bodies_whole && text.substr(i, 2) == "$$") return find("$$", i + 2);
  if (!word_begin(text[i])) return i + 1;
  while (i < text.size() && word_part(text[i])) ++i;
  return i;
}

// A mixed-case name of exactly 63 bytes with a blank, a quote and a letter of two bytes.
std::string long_name(const std::string& word) {
  std::string name = word + " \"É\" ";
  name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  for (char c = 'A'; name.size() < sql::max_name; c = static_cast<char>(c == 'Z' ? 'A' : c + 1)) name += c;
  return sql::quote_ident(name);
}

std::string rows(int count) {
  const std::string n = std::to_string(count);
  return "insert into users (name, email, phone) select 'user ' || i, 'User' || i || '@example.org', '+49' || i "
         "from generate_series(1, " +
         n +
         ") i;"
         "insert into orders select i, 1 + i % " +
         n +
         ", case when i % 3 = 0 then 'paid' else 'new' end, i * 1.50, "
         "timestamptz '2024-01-01 00:00:00+00' + i * interval '1 hour', 'note ' || i from generate_series(1, " +
         n +
         ") i;"
         "insert into products select i, 'product ' || i, case when i % 2 = 0 then 'listed' else 'draft' end::"
         "product_state, i * 0.5, row(i, 2 * i)::dimensions from generate_series(1, " +
         n + ") i;";
}

// orders in two levels: a plain partition, and one that is partitioned again.
std::string partitioned(std::string world) {
  const auto at = world.find(");", world.find("create table orders"));
  world.insert(at + 1, " partition by range (id)");
  return world +
         "create table orders_low partition of orders for values from (minvalue) to (500);"
         "create table orders_high partition of orders for values from (500) to (maxvalue) partition by hash (id);"
         "create table orders_high_0 partition of orders_high for values with (modulus 2, remainder 0);"
         "create table orders_high_1 partition of orders_high for values with (modulus 2, remainder 1);" +
         rows(600);
}

std::string hung(int server_major) {
  std::string text = R"(
create table order_items (order_id bigint not null references orders, line int, primary key (order_id, line));
insert into order_items select i, 1 from generate_series(1, 20) i;
create view paid_orders as select o.id, o.user_id, o.status, o.total, o.placed_at, u.email, u.phone
  from orders o join users u on u.id = o.user_id where o.status = 'paid';
create materialized view order_totals as select user_id, sum(total) as total from orders group by user_id;
create unique index order_totals_user_idx on order_totals (user_id);
create index orders_low_note_idx on orders (lower(note)) where total > 10;
create function touch_order() returns trigger language plpgsql as $$begin new.note := coalesce(new.note, ''); return new; end$$;
create trigger orders_touch before update on orders for each row execute function touch_order();
alter table orders enable row level security;
create policy orders_all on orders using (total >= 0) with check (status <> '');
create role law_reader;
grant select on orders, users to law_reader;
grant update (note, status) on orders to law_reader with grant option;
comment on table orders is 'what was ordered';
comment on column orders.note is 'free text';
comment on column orders.total is 'in euro';
comment on index orders_status_idx is 'for the list';
comment on constraint orders_total_check on orders is 'no debts';
alter table orders alter column status set statistics 200;
create statistics orders_stats on status, user_id from orders;
create publication orders_pub for table orders, users;
alter table orders cluster on orders_status_idx;
)";
  if (server_major >= 14)
    text +=
        "create function order_total(bigint) returns numeric language sql stable begin atomic "
        "select total from orders where id = $1; end;";
  return text;
}

const std::set<std::string>& words() {
  static const std::set<std::string> all{"users",
                                         "orders",
                                         "id",
                                         "name",
                                         "email",
                                         "phone",
                                         "user_id",
                                         "status",
                                         "total",
                                         "note",
                                         "orders_total_check",
                                         "placed_at",
                                         "orders_status_idx",
                                         "products",
                                         "product_state",
                                         "money_amount",
                                         "money_amount_check",
                                         "dimensions",
                                         "price_range",
                                         "invoice_numbers",
                                         "state",
                                         "price",
                                         "size",
                                         "sold_at",
                                         "listed_products",
                                         "product_states",
                                         "product_states_key",
                                         "product_label",
                                         "stamp_product",
                                         "sell_product",
                                         "products_stamp",
                                         "products_listed",
                                         "products_stats",
                                         "products_pub"};
  return all;
}

}  // namespace

std::string rename_words(std::string_view text, const std::map<std::string, std::string>& names) {
  std::string result;
  for (std::size_t i = 0, end = 0; i < text.size(); i = end) {
    end = token_end(text, i);
    const std::string token(text.substr(i, end - i));
    const auto found = names.find(token);
    const bool part = !result.empty() && result.back() == '.' && found != names.end() &&
                      found->second.find('.') != std::string::npos;  // already qualified
    result += found == names.end() || part ? token : found->second;
  }
  return result;
}

std::vector<std::string> split_operations(std::string_view text) {
  std::vector<std::string> operations;
  std::size_t begin = 0;
  for (std::size_t i = 0, end = 0; i < text.size(); i = end) {
    end = token_end(text, i, true);
    if (text[i] != ';') continue;
    operations.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return operations;
}

std::string read_source(const std::string& path) {
  std::ifstream in(std::string(MIG_SOURCE_DIR) + "/" + path);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<Shape> shapes(int server_major) {
  const std::string world = read_source("tests/support/world.sql");
  std::map<std::string, std::string> quoted;
  for (const auto& word : words()) quoted[word] = long_name(word);
  std::map<std::string, std::string> qualified;
  for (const auto* word : {"users", "orders", "orders_status_idx", "products", "product_state", "money_amount",
                           "dimensions", "price_range", "invoice_numbers", "listed_products", "product_states",
                           "product_states_key", "product_label", "stamp_product", "sell_product", "products_stats"})
    qualified[word] = std::string("shop.") + word;
  return {
      {"plain", world, {}},
      {"rows", world + rows(1000), {}},
      {"partitioned", partitioned(world), {}},
      {"inherited",
       world +
           "create table orders_old (reason text) inherits (orders);"
           "create table orders_lost () inherits (orders_old);" +
           rows(20) +
           "insert into orders_old select * from only orders where id > 10;"
           "delete from only orders where id > 10;",
       {}},
      {"quoted", rename_words(world + rows(20), quoted), quoted},
      {"schema", "create schema shop; set local search_path = shop;" + world + rows(20), qualified},
      {"hung", world + rows(20) + hung(server_major), {}},
      {"stranger",
       world + rows(20) +
           "grant usage on schema public to public; grant select on all tables in schema public to public;",
       {},
       "law_stranger"},
  };
}

}  // namespace mig::tests::laws
