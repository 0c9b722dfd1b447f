// Any octets as what a mail server sends, cut into reads in any way: the same replies come out as from a
// reading line by line without state, the same error, and the dialogue above takes them without going on for
// ever.
//
// The input's first octet says in its lower seven bits how many octets behind it are the sizes of the reads,
// taken in turn; what stands behind those is the stream. Its highest bit asks for a port of TLS from the
// first octet as well, which is slow.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/submission/smtp_dialogue.h"
#include "scanner/submission/smtp_reply.h"

namespace {

using namespace dauth::scanner;
using View = std::span<const std::uint8_t>;

constexpr std::size_t kMostRead = std::size_t{16} * 1024;  // that of a connection

void require(bool holds) {
  if (!holds) std::abort();
}

struct Reading {
  std::vector<SmtpReply> replies;
  bool broken = false;
  friend bool operator==(const Reading&, const Reading&) = default;
};

// Whether each octet that has come of a line, up to the one behind the code, may stand where it stands.
bool may_begin_line(std::string_view begun) {
  constexpr std::string_view kPlaces[] = {"2345", "012345", "0123456789", " -\r"};
  for (std::size_t i = 0; i < std::min(begun.size(), std::size(kPlaces)); ++i) {
    if (kPlaces[i].find(begun[i]) == std::string_view::npos) return false;
  }
  return true;
}

// The grammar of RFC 5321 section 4.2 over the whole stream.
Reading reference(std::string_view stream) {
  Reading reading;
  SmtpReply open;
  while (!stream.empty()) {
    const std::size_t end = stream.find('\n');
    if (std::min(end, stream.size()) >= SmtpReplyReader::kMostLineOctets) {
      reading.broken = true;
      break;
    }
    if (end == std::string_view::npos) {
      reading.broken = !may_begin_line(stream);
      break;
    }
    std::string_view line = stream.substr(0, end);
    stream.remove_prefix(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const bool has_code = line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && line[1] >= '0' &&
                          line[1] <= '5' && line[2] >= '0' && line[2] <= '9';
    const int code = has_code ? std::stoi(std::string(line.substr(0, 3))) : 0;
    const char behind = line.size() > 3 ? line[3] : ' ';
    if (!has_code || (behind != ' ' && behind != '-') || (!open.lines.empty() && open.code != code) ||
        open.lines.size() == SmtpReplyReader::kMostReplyLines) {
      reading.broken = true;
      break;
    }
    open.code = code;
    open.lines.emplace_back(line.size() > 4 ? line.substr(4) : std::string_view());
    if (behind == '-') continue;
    reading.replies.push_back(open);
    open = {};
  }
  return reading;
}

// `take` gets one read after the other.
template <class Taker>
void in_reads(View stream, View sizes, Taker&& take) {
  for (std::size_t at = 0, turn = 0; at < stream.size(); ++turn) {
    const std::size_t wanted = sizes.empty() ? kMostRead : sizes[turn % sizes.size()] + 1U;
    const std::size_t count = std::min(wanted, stream.size() - at);
    take(stream.subspan(at, count));
    at += count;
  }
}

Reading read(View stream, View sizes) {
  SmtpReplyReader reader;
  Reading reading;
  in_reads(stream, sizes, [&](View part) {
    reader.push(part);
    while (auto reply = reader.next()) {
      const SmtpOffer offer = offer_in(*reply);
      require(offer.capabilities.size() + 1 == reply->lines.size());
      require(offer.auth || offer.auth_mechanisms.empty());
      require(offer.auth_mechanisms.size() <= SmtpOffer::kMostMechanisms);
      reading.replies.push_back(*std::move(reply));
    }
    require(!reader.error() || !reader.has_more());
  });
  reading.broken = reader.error().has_value();
  return reading;
}

void converse(View stream, View sizes, SubmissionService service) {
  SmtpDialogue dialogue(service, "host.example", "client.example");
  std::size_t said = dialogue.outgoing().size();
  in_reads(stream, sizes, [&](View part) {
    dialogue.received(part, std::chrono::microseconds(1));
    said += dialogue.outgoing().size();
  });
  dialogue.broken(SmtpDialogue::Broken::kClosed);
  require(dialogue.is_over());
  // Four commands and a handshake.
  require(said < 16'384);
  const SubmissionDialogue found = dialogue.take_findings();
  require(!found.behind_tls || found.tls);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const View input(data, size);
  if (input.empty()) return 0;
  const std::size_t count = std::min<std::size_t>(input.front() & 0x7fU, input.size() - 1);
  const View sizes = input.subspan(1, count);
  const View stream = input.subspan(1 + count);
  const Reading expected = reference({reinterpret_cast<const char*>(stream.data()), stream.size()});
  require(read(stream, {}) == expected);
  require(read(stream, sizes) == expected);
  converse(stream, sizes, SubmissionService::kSubmission);
  if ((input.front() & 0x80U) != 0) converse(stream, sizes, SubmissionService::kSubmissions);
  return 0;
}
