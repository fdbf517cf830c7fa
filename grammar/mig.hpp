// The rules of a file: declarations, migrations, sections, maps (mig.ebnf, same names, same order).
#pragma once

#include "grammar/columns.hpp"
#include "grammar/expressions.hpp"
#include "grammar/tokens.hpp"

namespace mig::grammar::rules {

// Items in braces. The parser recovers from a mistake in one item and goes on with the next
// (compiler/syntax/parse.cpp).
template <class Item>
struct block : seq<sign<"{">, star<Item>, sign<"}">> {};

// clang-format off
struct section;
struct phase_item;
struct field;
using pegtl::if_then_else;

// file
struct use : seq<word<"use">, sor<string, path>, sign<";">> {};
struct include : seq<word<"include">, string, sign<";">> {};
struct env : seq<word<"env">, string> {};
struct parameter : seq<word<"parameter">, name, type, opt<sign<"=">, sor<env, value>>, opt<flag<"secret">>, sign<";">> {};
struct time_zone : seq<word<"time">, word<"zone">, string, sign<";">> {};
struct skip : seq<word<"skip">, path, word<"as">, string, sign<";">> {};
struct format : sor<word<"json">, word<"ndjson">, word<"csv">, word<"sqlite">, word<"postgres">> {};
struct source : seq<word<"source">, name, sign<"=">, format, sor<string, env>,
                    star<sor<flag<"optional">, seq<word<"with">, settings>>>, sor<block<field>, sign<";">>> {};
struct field_type;
struct field_list : seq<sign<"[">, field_type, sign<"]">> {};
struct fields : seq<sign<"{">, star<field>, sign<"}">> {};
struct field_type : sor<field_list, fields, type> {};
struct field : seq<label, field_type, opt<flag_sign<"?">>, opt<flag<"secret">>, opt<word<"from">, string>, sign<";">> {};
struct literal : sor<string, signed_number, word<"true">, word<"false">, word<"null">> {};
struct pair : seq<literal, sor<flag_sign<"<->">, sign<"->">>, literal, sign<";">> {};
struct pair_else : seq<word<"else">, sor<flag<"reject">, literal>, sign<";">> {};
struct value_item : sor<pair_else, pair> {};
struct values : seq<word<"values">, name, word<"from">, type, word<"to">, type, block<value_item>> {};
struct example : seq<word<"example">, value, sign<";">> {};
struct inverse : seq<word<"inverse">, path, sign<";">> {};
struct function_item : sor<inverse, example> {};
struct function : seq<word<"function">, path, parameters, word<"returns">, type, sign<"=">, value, sor<sign<";">, block<function_item>>> {};
struct form : form_text {};
struct step : seq<word<"step">, form, block<section>> {};
struct after_one : seq<name, opt<flag<"done">>> {};
struct after : seq<word<"after">, comma<after_one>> {};
struct tags : seq<word<"tags">, names> {};
struct in_schema : seq<word<"in">, word<"schema">, name> {};
struct migration_option : sor<after, tags, in_schema> {};
struct repeatable : seq<word<"repeatable">, name, opt<string>, star<migration_option>, block<phase_item>> {};

// migration
struct migration : seq<word<"migration">, name, opt<string>, star<migration_option>, block<section>> {};
struct limit : sor<quantity, number> {};
struct threshold : seq<path, operator_, limit> {};
struct thresholds : seq<threshold, star<word<"or">, threshold>> {};
struct clock : seq<integer, sign<":">, integer> {};
struct window_tail : seq<clock, sign<"-">, clock, opt<string>> {};
struct rule : seq<label, opt<sor<seq<word<"when">, thresholds>, window_tail, string, limit, path_list>>, sign<";">> {};
struct policy : seq<word<"policy">, block<rule>> {};
struct backup : seq<word<"backup">, block<rule>> {};
struct percentile : sor<word<"p50">, word<"p95">, word<"p99">> {};
struct over_runs : seq<word<"over">, integer, word<"runs">> {};
struct measure : seq<word<"measure">, name, sign<"=">, percentile, word<"of">, body, over_runs, sign<";">> {};

struct bare_message : hint<Token::string, "a message stands after `as`: as '…'"> {};
struct message : seq<word<"as">, string> {};
struct where : seq<word<"where">, value> {};
struct expect_none : seq<word<"none">, word<"in">, sor<query, path>, opt<where>> {};
struct sample : seq<word<"sample">, integer> {};
struct tolerate : seq<word<"tolerate">, quantity> {};
struct expect_match : seq<word<"match">, path, word<"with">, path, star<sor<sample, tolerate>>> {};
struct expect_plan : seq<word<"plan">, word<"uses">, word<"index">, opt<name>, word<"for">, body> {};
struct expect_time : seq<percentile, operator_, quantity, over_runs, word<"of">, body> {};
struct expect_baseline : seq<path, operator_, factor, word<"baseline">> {};
struct expect_value : seq<value> {};
// Tried only where two words say so: `expect none = 1` and `expect match.x = 1` are expressions.
struct expect_what : if_then_else<at<word<"none">, word<"in">>, expect_none,
                     if_then_else<at<word<"match">, path>, expect_match,
                     if_then_else<at<word<"plan">, word<"uses">>, expect_plan,
                     if_then_else<at<percentile, operator_, sor<with_unit, seq<number, word<"over">>>>, expect_time,
                     if_then_else<at<path, operator_, factor>, expect_baseline, expect_value>>>>> {};
struct expect : seq<word<"expect">, expect_what, opt<bare_message>, opt<message>, sign<";">> {};
struct require : seq<word<"require">, block<expect>> {};
struct verify : seq<word<"verify">, block<expect>> {};
struct expand : seq<word<"expand">, block<phase_item>> {};
struct gate_after : seq<word<"after">, quantity> {};
struct gate_approved : seq<word<"when">, word<"approved">, at<sor<sign<"{">, word<"after">, word<"when">, word<"retain">>>> {};
struct gate_unused : seq<word<"when">, word<"unused">, path, word<"for">, quantity> {};
struct gate_when : seq<word<"when">, value> {};
struct gate_retain : seq<word<"retain">, quantity> {};
struct gate : sor<gate_after, gate_approved, gate_unused, gate_when, gate_retain> {};
struct contract : seq<word<"contract">, star<gate>, block<phase_item>> {};
struct checkpoint : seq<word<"checkpoint">, name, opt<string>, sign<";">> {};
struct publish : seq<word<"publish">, word<"version">, name, sign<";">> {};
struct when_server : seq<word<"when">, word<"server">, operator_, integer, block<phase_item>> {};

// map
struct map_mode : sor<word<"live">, word<"once">, word<"moving">> {};
struct group : seq<word<"group">, word<"by">, values_> {};
struct accept : seq<word<"accept">, sor<word<"loss">, word<"break">>, string, sign<";">> {};
struct otherwise : seq<word<"else">, sor<flag<"reject">, value>> {};
struct map_assignment : seq<name, sign<"=">, value, opt<otherwise>, opt<flag<"normalise">>, opt<loss>, sign<";">> {};
struct assignment_item : if_then_else<at<name, sign<"=">>, map_assignment, pegtl::failure> {};
struct key : seq<word<"key">, name_list, sign<";">> {};
struct map_check : seq<word<"check">, value, opt<bare_message>, opt<message>, sign<";">> {};
struct merge : seq<word<"merge">, block<map_assignment>> {};
struct keep_first : word<"first"> {};
struct keep_latest : seq<word<"latest">, word<"by">, sort_keys> {};
struct keep : seq<word<"keep">, sor<keep_first, keep_latest>> {};
struct reject : word<"reject"> {};
struct on_duplicate : seq<word<"on">, word<"duplicate">, names, sor<merge, seq<sor<reject, keep>, sign<";">>>> {};
struct on_missing : seq<word<"on">, word<"missing">, sor<flag<"keep">, flag<"delete">, flag<"reject">>, sign<";">> {};
struct on_changed : seq<word<"on">, word<"changed">, word<"in">, word<"target">, sor<flag<"keep">, flag<"overwrite">, flag<"reject">>, sign<";">> {};
struct back_item : sor<assignment_item, accept> {};
struct back : seq<word<"back">, block<back_item>> {};
struct map_item : sor<assignment_item, key, map_check, on_duplicate, on_missing, on_changed, back, accept> {};
struct map : seq<word<"map">, path, sign<"->">, path, star<sor<map_mode, where, group>>, sor<sign<";">, block<map_item>>> {};

struct phase_item : sor<include, when_server, map, operation> {};
struct section : sor<policy, backup, measure, require, verify, expand, contract, checkpoint, publish, skip, phase_item> {};
struct item : sor<use, include, parameter, time_zone, skip, source, values, function, step, repeatable, migration, operation> {};
struct file : seq<star<item>, end_of_text> {};
// clang-format on

}  // namespace mig::grammar::rules
