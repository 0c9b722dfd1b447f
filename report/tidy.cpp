#include "report/tidy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>

#include "report/escape.h"

namespace dauth::report {
namespace {

template <class... Handlers>
struct Match : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Match(Handlers...) -> Match<Handlers...>;

// `nothing` and `text` say what differs between the forms.
template <class Text>
void append_cell(std::string& out, const TidyCell& cell, std::string_view nothing, Text text) {
  std::visit(Match{
                 [&](std::monostate) { out += nothing; },
                 [&](std::uint64_t number) { out += std::to_string(number); },
                 [&](Share share) { fmt::format_to(std::back_inserter(out), "{:.6f}", share.value); },
                 [&](std::string_view octets) { out += text(octets); },
             },
             cell);
}

}  // namespace

TidyWriter::TidyWriter(TidyForm form, std::span<const std::string_view> columns, std::string& out)
    : form_(form), columns_(columns), out_(&out) {
  if (form_ == TidyForm::kCsv) *out_ += fmt::format("{}\n", fmt::join(columns_, ","));
}

void TidyWriter::row(std::initializer_list<TidyCell> cells) {
  if (form_ == TidyForm::kCsv) {
    append_csv(cells);
  } else {
    append_json(cells);
  }
  is_first_ = false;
}

void TidyWriter::append_csv(std::initializer_list<TidyCell> cells) {
  std::string_view comma;
  for (const TidyCell& cell : cells) {
    *out_ += comma;
    append_cell(*out_, cell, "", csv_field);
    comma = ",";
  }
  *out_ += '\n';
}

void TidyWriter::append_json(std::initializer_list<TidyCell> cells) {
  *out_ += is_first_ ? "\n    {" : ",\n    {";
  std::size_t column = 0;
  for (const TidyCell& cell : cells) {
    *out_ += column == 0 ? "" : ", ";
    *out_ += json_string(columns_[column++]);
    *out_ += ": ";
    append_cell(*out_, cell, "null", json_string);
  }
  *out_ += '}';
}

}  // namespace dauth::report
