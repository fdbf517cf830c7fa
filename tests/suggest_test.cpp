// Did you mean: near words, nearest first.
#include "compiler/diagnostics/suggest.hpp"
#include "tests/support/catch.hpp"

using namespace mig::diagnostics;
using Words = std::vector<std::string>;

TEST_CASE("insert, delete, replace and swap cost one, case costs nothing") {
  CHECK(distance("", "") == 0);
  CHECK(distance("", "abc") == 3);
  CHECK(distance("table", "table") == 0);
  CHECK(distance("table", "TABLE") == 0);
  CHECK(distance("tabel", "table") == 1);
  CHECK(distance("tble", "table") == 1);
  CHECK(distance("tabble", "table") == 1);
  CHECK(distance("kitten", "sitting") == 3);
  CHECK(distance("ca", "abc") == 3);  // optimal string alignment: no edit inside a swap
  CHECK(distance("abcdef", "badcfe") == 3);
}

TEST_CASE("the distance is the same both ways") {
  const Words words{"", "a", "expand", "expnad", "contract", "contarct", "phoneNumber", "phone_number"};
  for (const auto& a : words)
    for (const auto& b : words) CHECK(distance(a, b) == distance(b, a));
}

TEST_CASE("the nearest come first, ties by name, at most three") {
  CHECK(nearest("colum", {"table", "column", "columns"}) == Words{"column"});
  CHECK(nearest("tabl", {"tabs", "table", "cable", "tab"}) == Words{"tab", "table", "tabs"});
  CHECK(nearest("defualt", {"default", "refrences"}) == Words{"default"});
  CHECK(nearest("status1", {"status5", "status4", "status3", "status2"}, 2) == Words{"status2", "status3"});
}

TEST_CASE("a word equal but for its case is the first") {
  CHECK(nearest("phonenumber", {"phonenumbers", "phoneNumber"}) == Words{"phoneNumber", "phonenumbers"});
}

TEST_CASE("what is too far is not proposed") {
  CHECK(nearest("zzz", {"expand", "contract"}).empty());
  CHECK(nearest("a", {"b", "bc"}) == Words{"b"});
  CHECK(nearest("expand", {}).empty());
}

TEST_CASE("a candidate named twice is proposed once") { CHECK(nearest("tabel", {"table", "table"}) == Words{"table"}); }
