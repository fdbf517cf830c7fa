// Templates: text with gaps.
#include "compiler/check/template.hpp"

#include <algorithm>

#include "compiler/syntax/token.hpp"

namespace mig::check {

namespace {

// A name, a constant: nothing that an operator could pull apart.
bool simple(const Template& value) {
  if (value.pieces.size() != 1 || value.pieces.front().parameter >= 0) return false;
  const auto& text = value.pieces.front().text;
  std::size_t words = 0, dots = 0;
  for (const auto& token : syntax::tokenize(text)) {
    using Kind = syntax::TokenKind;
    const auto is = [&](std::initializer_list<Kind> kinds) {
      return std::find(kinds.begin(), kinds.end(), token.kind) != kinds.end();
    };
    if (is({Kind::blank})) continue;
    if (is({Kind::word, Kind::quoted, Kind::string, Kind::escape_string, Kind::number}))
      ++words;
    else if (token.text(text) == ".")
      ++dots;
    else
      return false;
  }
  return words == dots + 1;
}

// ( … ) or a gap, which is filled with something closed.
bool closed(const Template& value) {
  if (value.pieces.size() == 1 && value.pieces.front().parameter >= 0) return true;
  return !value.pieces.empty() && value.pieces.front().text == "(" && value.pieces.back().closes;
}

}  // namespace

Piece made(std::string text, source::Span origin, std::optional<source::Span> function) {
  return {std::move(text), origin, false, function, -1, false};
}

Template cast_to(Template value, const std::string& type, source::Span origin) {
  if (value.type == type && closed(value)) return value;
  const bool cast = value.type != type;
  const bool bare = simple(value);
  Template out;
  out.type = type;
  out.pieces.push_back(made("(", origin));
  if (cast && !bare) out.pieces.push_back(made("(", origin));
  for (auto& piece : value.pieces) {
    piece.closes = false;
    out.pieces.push_back(std::move(piece));
  }
  if (cast && !bare) out.pieces.push_back(made(")", origin));
  if (cast) out.pieces.push_back(made("::" + type, origin));
  out.pieces.push_back(made(")", origin));
  out.pieces.back().closes = true;
  return out;
}

std::size_t uses(const Template& body, int parameter) {
  return static_cast<std::size_t>(std::count_if(body.pieces.begin(), body.pieces.end(),
                                                [&](const Piece& piece) { return piece.parameter == parameter; }));
}

Template filled(const Template& body, const std::vector<Template>& arguments, source::Span call) {
  Template out;
  for (const auto& piece : body.pieces) {
    if (piece.parameter >= 0) {
      for (auto part : arguments[static_cast<std::size_t>(piece.parameter)].pieces) {
        part.closes = false;
        out.pieces.push_back(std::move(part));
      }
    } else {
      out.pieces.push_back(made(piece.text, call, piece.function ? piece.function : piece.origin));
      out.pieces.back().closes = piece.closes;
    }
  }
  out.type = body.type;
  return out;
}

}  // namespace mig::check
