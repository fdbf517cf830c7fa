// The rules for columns, constraints, indexes and the arguments of operations (mig.ebnf, same names, same order).
#pragma once

#include "grammar/expressions.hpp"

namespace mig::grammar::rules {

// clang-format off
struct definition;
struct column;
struct reference;
struct element;
struct index_element;
struct index_list;
struct seq_options;

// operations: the one rule. Verb phrase, arguments and clauses come from the form (compiler/syntax/parse_call.cpp)
struct loss : seq<word<"accept">, word<"loss">, string> {};
struct argument;
struct operation : seq<label, star<sor<argument, label>>, opt<loss>, sign<";">> {};

struct signed_number : seq<opt<sign<"-">>, number> {};
struct signed_integer : seq<opt<sign<"-">>, integer> {};
struct quantity : sor<with_unit, seq<percent_number, sign<"%">>> {};
struct callable : seq<path, opt<parenthesised<opt<comma<type>>>>> {};
struct callables : comma<callable> {};
struct mode : sor<word<"inout">, word<"in">, word<"out">, word<"variadic">> {};
struct parm_default : seq<sor<word<"default">, sign<"=">>, value> {};
struct parm : sor<seq<mode, name, type, opt<parm_default>>, seq<name, type, opt<parm_default>>> {};
struct parameters : parenthesised<opt<comma<parm>>> {};
struct privilege : seq<label, opt<word<"privileges">>, opt<names>> {};
struct privileges : comma<privilege> {};
struct event : sor<flag<"insert">, flag<"delete">, flag<"truncate">, seq<flag<"update">, opt<word<"of">, name_list>>> {};
struct events : seq<event, star<word<"or">, event>> {};
struct assignment : seq<name, sign<"=">, sor<flag<"default">, value>> {};
struct assignments : comma<assignment> {};
struct row_value : sor<flag<"default">, value> {};
struct row_values : parenthesised<comma<row_value>> {};
struct rows : comma<row_values> {};
struct labels : parenthesised<opt<comma<string>>> {};
struct bound_word : sor<word<"minvalue">, word<"maxvalue">> {};
struct bound_values : parenthesised<comma<sor<bound_word, value>>> {};
struct hash_bound : parenthesised<word<"modulus">, integer, sign<",">, word<"remainder">, integer> {};
struct partition_bound : sor<flag<"default">, seq<word<"for">, word<"values">,
                             sor<seq<flag<"in">, bound_values>, seq<flag<"from">, bound_values, word<"to">, bound_values>,
                                 seq<flag<"with">, hash_bound>>>> {};
struct type_fields : parenthesised<comma<column>> {};
struct null_word : word<"null"> {};
struct text_or_null : sor<string, null_word> {};
struct words : plus<label> {};

// columns, constraints, indexes: as in SQL
struct elements : parenthesised<opt<comma<element>>> {};
struct like_option : seq<sor<flag<"including">, flag<"excluding">>, label> {};
struct like_table : seq<word<"like">, path, star<like_option>> {};
struct constraint_name : seq<word<"constraint">, name> {};
struct no_inherit : seq<word<"no">, word<"inherit">> {};
struct not_valid : seq<word<"not">, word<"valid">> {};
struct nulls_distinct : seq<word<"nulls">, opt<word<"not">>, word<"distinct">> {};
struct timing : sor<seq<opt<word<"not">>, word<"deferrable">>, seq<word<"initially">, sor<word<"deferred">, word<"immediate">>>> {};
struct seq_number : seq<label, opt<sor<word<"by">, word<"with">>>, signed_number> {};
struct seq_no : seq<word<"no">, label> {};
struct seq_owned : seq<word<"owned">, word<"by">, path> {};
struct seq_as : seq<word<"as">, type> {};
struct seq_word : sor<word<"cycle">, word<"restart">> {};
struct seq_option : sor<seq_no, seq_owned, seq_as, seq_number, seq_word> {};
struct seq_options : plus<seq_option> {};
struct identity : seq<word<"identity">, opt<parenthesised<seq_options>>> {};
struct always_as : seq<word<"always">, word<"as">, sor<identity, seq<condition, sor<flag<"stored">, flag<"virtual">>>>> {};
struct by_default_as : seq<word<"by">, flag<"default">, word<"as">, identity> {};
struct generated : seq<word<"generated">, sor<always_as, by_default_as>> {};
struct ref_match : seq<word<"match">, sor<word<"full">, word<"partial">, word<"simple">>> {};
struct ref_event : sor<word<"delete">, word<"update">> {};
struct ref_do : sor<word<"cascade">, word<"restrict">, seq<word<"no">, word<"action">>, seq<word<"set">, sor<word<"null">, word<"default">>>> {};
struct ref_action : seq<word<"on">, ref_event, ref_do, opt<names>> {};
struct reference : seq<word<"references">, path, opt<names>, star<sor<ref_match, ref_action, timing>>> {};
struct not_null : seq<word<"not">, word<"null">> {};
struct default_value : seq<word<"default">, value> {};
struct unique : seq<word<"unique">, opt<nulls_distinct>> {};
struct primary_key : seq<word<"primary">, word<"key">> {};
struct check_ : seq<word<"check">, condition, opt<no_inherit>> {};
struct storage : seq<word<"storage">, label> {};
struct compression : seq<word<"compression">, label> {};
struct comment : seq<word<"comment">, string> {};
struct column_option : seq<opt<constraint_name>, sor<not_null, null_word, default_value, unique, primary_key, reference,
                           check_, generated, collate, storage, compression, comment, timing>> {};
struct definition : seq<type, star<column_option>> {};
struct column : seq<name, definition> {};

struct include_names : seq<word<"include">, names> {};
struct constraint_tail : star<sor<include_names, timing, no_inherit, not_valid>> {};
struct any_exclude_operator : seq<word<"with">, any_operator> {};
struct exclude_element : seq<index_element, any_exclude_operator> {};
struct exclude_elements : parenthesised<comma<exclude_element>> {};
struct exclude_where : seq<word<"where">, condition> {};
struct con_primary : seq<primary_key, names> {};
struct con_unique : seq<unique, names> {};
struct con_check : seq<word<"check">, condition> {};
struct con_foreign : seq<word<"foreign">, word<"key">, names, reference> {};
struct con_exclude : seq<word<"exclude">, opt<word<"using">, name>, exclude_elements, opt<exclude_where>> {};
struct con_named : sor<con_primary, con_unique, con_check, con_foreign, con_exclude> {};
struct con_bare : sor<con_primary, con_unique, con_check, con_foreign,
                      seq<at<word<"exclude">, sor<word<"using">, sign<"(">>>, con_exclude>> {};
struct table_constraint : seq<sor<seq<constraint_name, con_named>, con_bare>, constraint_tail> {};
struct element : sor<like_table, table_constraint, column> {};

struct index_elements : parenthesised<index_list> {};
struct setting : seq<path, opt<sign<"=">, sor<flag<"default">, flag<"on">, value>>> {};
struct settings : parenthesised<opt<comma<setting>>> {};
struct grouped : parenthesised<value> {};
struct opclass : seq<not_at<word<"nulls">>, path, opt<settings>> {};
struct needs_parentheses : hint<Token::op, "an expression in an index stands in parentheses of its own, e.g. ((a + b))"> {};
struct index_element : seq<sor<grouped, named>, opt<needs_parentheses>, opt<collate>, opt<opclass>,
                           opt<sor<flag<"asc">, flag<"desc">>>, opt<nulls_order>> {};
struct index_list : comma<index_element> {};

struct argument : sor<partition_bound, query, names, settings, rows, labels, exclude_elements, type_fields, elements,
                      index_elements, parameters, arguments, condition, reference, definition, assignments, callables, privileges,
                      events, seq_options, index_list, path_list, name_list, quantity, signed_number, signed_integer,
                      text_or_null, body, seq<plus<sor<include_names, timing, no_inherit, not_valid>>>, value> {};
// clang-format on

}  // namespace mig::grammar::rules
