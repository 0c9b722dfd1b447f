#include "tests/replay/conversation_text.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>

#include "tests/replay/response_writer.h"

namespace dauth::testing {
namespace {

std::string names_of(const std::vector<dns::ResourceRecord>& records) {
  std::string text;
  for (const auto& record : records) {
    text += (text.empty() ? "" : ",") + record.owner.to_text() + "/" + dns::to_text(record.type);
  }
  return text;
}

}  // namespace

Words words_of(const std::string& line) {
  Words words;
  std::size_t at = 0;
  while ((at = line.find_first_not_of(" \t", at)) != std::string::npos) {
    if (line[at] == '#') break;
    if (line[at] == '"') {
      const std::size_t close = line.find('"', at + 1);
      if (close == std::string::npos) throw std::invalid_argument("a quote is not closed");
      words.push_back(line.substr(at + 1, close - at - 1));
      at = close + 1;
      continue;
    }
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::vector<ConversationLine> read_lines(std::istream& text) {
  std::vector<ConversationLine> lines;
  std::string line;
  for (std::size_t number = 1; std::getline(text, line); ++number) {
    const bool indented = line.starts_with(' ') || line.starts_with('\t');
    Words words;
    try {
      words = words_of(line);
    } catch (const std::invalid_argument& error) {
      throw UnreadableLine(number, error.what());
    }
    if (words.empty()) continue;
    if (!indented) {
      lines.push_back({number, std::move(words), {}});
    } else if (lines.empty()) {
      throw UnreadableLine(number, "an indented line belongs to none");
    } else {
      lines.back().body.push_back(std::move(words));
    }
  }
  return lines;
}

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw std::invalid_argument("not a number: " + text);
  return value;
}

std::chrono::milliseconds duration(const std::string& text) {
  if (text.ends_with("ms")) return std::chrono::milliseconds(number(text.substr(0, text.size() - 2)));
  if (text.ends_with("s")) return std::chrono::seconds(number(text.substr(0, text.size() - 1)));
  throw std::invalid_argument("a time without a unit: " + text);
}

net::SocketAddress server(const std::string& text) {
  const auto address = net::SocketAddress::parse(text);
  if (!address) throw std::invalid_argument(address.error());
  return *address;
}

dns::Question question_from(const std::string& name, const std::string& type) {
  const auto parsed = dns::DomainName::from_text(name);
  if (!parsed) throw std::invalid_argument("not a name: " + name);
  return {*parsed, rr_type_from(type)};
}

std::string text_of(const dns::LookupOutcome& outcome) {
  const auto via = [](const auto& each) { return each.chain.empty() ? "" : " via " + names_of(each.chain); };
  if (const auto* answer = std::get_if<dns::Answer>(&outcome)) {
    return "Answer " + names_of(answer->rrset) + via(*answer);
  }
  if (const auto* nothing = std::get_if<dns::NoData>(&outcome)) return "NoData" + via(*nothing);
  if (std::holds_alternative<dns::NxDomain>(outcome)) return "NxDomain";
  return "Failure " + std::string(dns::to_text(std::get<dns::Failure>(outcome).cause));
}

}  // namespace dauth::testing
