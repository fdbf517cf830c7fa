// The rules for types and expressions: `types` and `expressions` of mig.ebnf, same names, same order.
#pragma once

#include "grammar/tokens.hpp"

namespace mig::grammar::rules {

using pegtl::at;
using pegtl::not_at;
using pegtl::opt;
using pegtl::plus;
using pegtl::seq;
using pegtl::sor;
using pegtl::star;

// clang-format off
template <class... R> struct comma : seq<seq<R...>, star<sign<",">, R...>> {};
template <class... R> struct parenthesised : seq<sign<"(">, R..., sign<")">> {};

// names and lists of names
struct path_more : seq<sign<".">, label> {};
struct path : seq<name, star<path_more>> {};
struct name_list : comma<name> {};
struct names : parenthesised<name_list> {};
struct path_list : comma<path> {};

// types
struct value;
struct values_ : comma<value> {};
struct precision : parenthesised<integer> {};
struct modifiers : parenthesised<values_> {};
struct unit_word : sor<word<"year">, word<"month">, word<"day">, word<"hour">, word<"minute">, word<"second">> {};
struct interval_unit : seq<unit_word, opt<word<"to">, unit_word>> {};
struct zone : seq<sor<word<"with">, word<"without">>, word<"time">, word<"zone">> {};
struct character : sor<word<"character">, word<"char">> {};
struct long_name : sor<seq<word<"double">, word<"precision">>,
                       seq<sor<character, word<"bit">>, word<"varying">>,
                       seq<word<"national">, character, opt<word<"varying">>>> {};
struct interval_name : seq<word<"interval">, at<interval_unit>> {};
struct bound : sor<seq<sign<"[">, opt<integer>, sign<"]">>, seq<word<"array">, opt<sign<"[">, integer, sign<"]">>>> {};
struct bounds : star<bound> {};
struct type_name : sor<long_name, path> {};
struct type : seq<opt<flag<"setof">>, sor<seq<interval_name, interval_unit, opt<modifiers>>,
                                          seq<type_name, opt<modifiers>, opt<zone>>>, bounds> {};

// expressions: flat; precedence is PostgreSQL's table, folded after parsing
struct expression;
struct operand;
struct parens;
struct sort_keys;
struct value : seq<expression> {};
struct named_operator : seq<word<"operator">, sign<"(">, star<name, sign<".">>, operator_, sign<")">> {};
struct any_operator : sor<operator_, named_operator> {};
struct prefix : sor<word<"not">, prefix_operator, named_operator> {};
struct pattern_word : sor<word<"like">, word<"ilike">, seq<word<"similar">, word<"to">>> {};
struct between : seq<word<"between">, opt<sor<word<"symmetric">, word<"asymmetric">>>> {};
struct infix : sor<any_operator, word<"and">, word<"or">,
                   seq<word<"is">, opt<word<"not">>, word<"distinct">, word<"from">>,
                   seq<opt<word<"not">>, sor<pattern_word, between>>,
                   seq<word<"at">, word<"time">, word<"zone">>, word<"escape">, word<"overlaps">> {};
struct quantified : seq<sor<flag<"any">, flag<"some">, flag<"all">>, parens> {};
struct rhs : sor<quantified, operand> {};
struct collate : seq<word<"collate">, path> {};
struct normal_form : sor<word<"nfc">, word<"nfd">, word<"nfkc">, word<"nfkd">> {};
struct is_test : sor<word<"isnull">, word<"notnull">,
                     seq<word<"is">, opt<word<"not">>, sor<word<"null">, word<"true">, word<"false">, word<"unknown">,
                         word<"document">, seq<opt<normal_form>, word<"normalized">>>>> {};
struct in_list : seq<opt<flag<"not">>, word<"in">, parens> {};
struct at_local : seq<word<"at">, word<"local">> {};
struct postfix : sor<is_test, in_list, at_local, collate> {};
struct expression : seq<star<prefix>, operand, star<sor<postfix, seq<infix, star<prefix>, rhs>>>> {};

struct typecast : seq<sign<"::">, type> {};
struct subscript : seq<sign<"[">, opt<value>, opt<flag_sign<":">, opt<value>>, sign<"]">> {};
struct field_of : seq<sign<".">, sor<label, flag_sign<"*">>> {};
struct primary;
struct operand : seq<primary, star<sor<typecast, subscript, field_of>>> {};

struct query_ : query_text {};
struct parens : parenthesised<sor<query_, values_>> {};
struct when_then : seq<word<"when">, value, word<"then">, value> {};
struct case_else : seq<word<"else">, value> {};
struct case_ : seq<word<"case">, opt<value>, plus<when_then>, opt<case_else>, word<"end">> {};
struct cast : seq<word<"cast">, parenthesised<value, word<"as">, type>> {};
struct exists : seq<word<"exists">, parenthesised<query_>> {};
struct array_items;
struct array_row : seq<array_items> {};
struct array_item : sor<array_row, value> {};
struct array_items : seq<sign<"[">, opt<comma<array_item>>, sign<"]">> {};
struct array : seq<word<"array">, sor<array_items, parenthesised<query_>>> {};
struct row : seq<word<"row">, parenthesised<opt<values_>>> {};
struct interval : seq<word<"interval">, opt<precision>, string, opt<interval_unit>> {};
struct zoned_name : sor<word<"timestamp">, word<"time">> {};
struct long_typed : seq<sor<long_name, zoned_name>, opt<precision>, opt<zone>, string> {};
struct time_word : sor<seq<sor<word<"current_timestamp">, word<"current_time">, word<"localtimestamp">, word<"localtime">>, opt<precision>>,
                       word<"current_date">, word<"current_user">, word<"session_user">, word<"current_role">, word<"user">,
                       word<"current_catalog">, seq<word<"current_schema">, not_at<sign<"(">>>> {};
struct constant : sor<any_string, number, word<"true">, word<"false">, word<"null">> {};

struct order_by : seq<word<"order">, word<"by">, sort_keys> {};
struct lead : sor<word<"both">, word<"leading">, word<"trailing">, word<"variadic">> {};
struct argument_name : seq<name, sor<sign<"=>">, sign<":=">>> {};
struct arg_word : sor<word<"from">, word<"for">, word<"placing">, word<"in">, word<"using">> {};
struct arg_more : seq<arg_word, value> {};
struct argument_ : sor<seq<lead, opt<argument_name>, opt<value>, star<arg_more>>,
                       seq<opt<argument_name>, value, star<arg_more>>, plus<arg_more>> {};
struct arguments : parenthesised<opt<sor<flag_sign<"*">, seq<opt<sor<flag<"distinct">, word<"all">>>, comma<argument_>, opt<order_by>>>>> {};
struct within_group : seq<word<"within">, word<"group">, parenthesised<order_by>> {};
struct filter : seq<word<"filter">, parenthesised<word<"where">, value>> {};
struct frame : frame_text {};
struct partition : seq<word<"partition">, word<"by">, values_> {};
struct window : parenthesised<opt<partition>, opt<order_by>, opt<frame>> {};
struct over : seq<word<"over">, sor<window, name>> {};
struct call_tail : seq<opt<within_group>, opt<filter>, opt<over>> {};
struct callee : sor<path, function_name> {};
// Left-factored, so that nothing in parentheses is read twice: f(x) · t '…' · numeric(3,1) '1.5' · a.b · a.*
struct named_more : sor<seq<arguments, sor<any_string, call_tail>>, any_string, seq<sign<".">, flag_sign<"*">>> {};
struct named : seq<not_at<word<"row">, sign<"(">>, callee, opt<named_more>> {};
struct primary : sor<case_, cast, exists, array, row, interval, long_typed, time_word, constant, named, parens> {};

struct nulls_order : seq<word<"nulls">, sor<word<"first">, word<"last">>> {};
struct using_operator : seq<word<"using">, any_operator> {};
struct sort_key : seq<value, opt<using_operator>, opt<sor<flag<"asc">, flag<"desc">>>, opt<nulls_order>> {};
struct sort_keys : comma<sort_key> {};
struct condition : parenthesised<value> {};
struct query : sor<body, parenthesised<query_>> {};
// clang-format on

}  // namespace mig::grammar::rules
