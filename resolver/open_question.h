// OpenQuestion: everything about one question between ask() and its outcome; QuestionSlab: where they live.
//
// The slab owns its questions in chunks that never move, and reuses their places: in the steady state a
// question costs no allocation (a name over 55 octets excepted, see dns::DomainName).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "resolver/dns/lookup_outcome.h"
#include "resolver/dns/message.h"
#include "resolver/dns/question.h"
#include "resolver/intrusive_list.h"
#include "resolver/lane.h"
#include "resolver/server_pool.h"

namespace dauth::resolver {

class OutcomeHandler;

enum class Protocol : std::uint8_t { kUdp, kTcp };

// One message that was sent and may still be answered.
struct Attempt {
  net::TimePoint sent_at{};
  Lane lane{};
  ServerIndex server{};
  std::uint16_t id = 0;
  dns::Edns edns = dns::Edns::kWith;
  std::uint8_t of_try = 0;  // OpenQuestion::tries when it was sent
};

struct OpenQuestion {
  // Attempts that are still listened for, two in some tries; with more the oldest is forgotten.
  static constexpr std::size_t kAttemptsKept = 8;

  OpenQuestion() : wait(this), lane(this) {}

  ListHook<OpenQuestion> wait;  // in a queue before a try, in a list of time-outs during it
  ListHook<OpenQuestion> lane;  // among the questions that wait for a reply on the same lane
  dns::Question question;
  OutcomeHandler* handler = nullptr;
  std::uint64_t token = 0;
  std::uint32_t slot = 0;
  bool open = false;

  // The present try, or the last one.
  std::uint8_t tries = 0;          // begun
  std::uint8_t tries_allowed = 1;  // in all
  bool booked = false;             // a place at `server` is taken
  ServerIndex server{};
  std::optional<Lane> last_lane;
  std::uint64_t sequence = 0;  // of its datagram on its channel, from 1
  net::TimePoint sent_at{};
  net::TimePoint deadline{};
  bool try_unreachable = false;
  bool backing_off = false;  // between two tries
  bool in_retry_queue = false;
  std::uint8_t resent = 0;  // further datagrams of the present try
  // How its newest message went.
  Protocol sent_by = Protocol::kUdp;
  dns::Edns sent_edns = dns::Edns::kWith;

  // What all tries have shown.
  Protocol protocol = Protocol::kUdp;
  dns::Edns edns = dns::Edns::kWith;
  bool truncated = false;
  bool timed_out = false;
  std::optional<dns::Failure> word;  // the last failure that a server told

  std::array<Attempt, kAttemptsKept> attempts{};
  std::size_t attempt_count = 0;  // the newest is the last
};

class QuestionSlab {
 public:
  // A question with everything at its start; its name and type are still to be set.
  OpenQuestion& open();
  void close(OpenQuestion& question);
  OpenQuestion& at(std::uint32_t slot) { return chunks_[slot / kChunk][slot % kChunk]; }
  std::size_t open_count() const { return open_count_; }
  // Slots that have ever been used lie below this.
  std::uint32_t slot_end() const { return slot_end_; }

 private:
  static constexpr std::uint32_t kChunk = 256;
  std::vector<std::unique_ptr<OpenQuestion[]>> chunks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t slot_end_ = 0;
  std::size_t open_count_ = 0;
};

inline OpenQuestion& QuestionSlab::open() {
  if (free_.empty()) {
    if (slot_end_ % kChunk == 0) {
      chunks_.push_back(std::make_unique<OpenQuestion[]>(kChunk));
      free_.reserve(chunks_.size() * kChunk);
    }
    at(slot_end_).slot = slot_end_;
    free_.push_back(slot_end_++);
  }
  OpenQuestion& question = at(free_.back());
  free_.pop_back();
  ++open_count_;
  question.open = true;
  question.tries = 0;
  question.resent = 0;
  question.backing_off = false;
  question.in_retry_queue = false;
  question.booked = false;
  question.last_lane.reset();
  question.try_unreachable = false;
  question.protocol = Protocol::kUdp;
  question.edns = dns::Edns::kWith;
  question.truncated = false;
  question.timed_out = false;
  question.word.reset();
  question.attempt_count = 0;
  return question;
}

inline void QuestionSlab::close(OpenQuestion& question) {
  question.wait.unlink();
  question.lane.unlink();
  question.open = false;
  --open_count_;
  free_.push_back(question.slot);
}

}  // namespace dauth::resolver
