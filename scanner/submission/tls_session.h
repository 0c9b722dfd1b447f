// TlsSession: the client's end of one TLS connection (RFC 8446, RFC 5246) without a socket: octets of the
// wire go in and come out, and so do those of the application.
//
// Owns an OpenSSL session over memory buffers. No certificate is judged, and nothing is sent but what the
// caller gives. Versions back to TLS 1.0 and weak ciphers are taken: what a host speaks is to be told, and no
// secret goes through. Errors: a failed handshake is a short phrase; std::runtime_error where OpenSSL has no
// memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dauth::scanner {

struct TlsFacts {
  std::string protocol;  // "TLSv1.3"
  bool is_old = false;   // below TLS 1.2, which RFC 8996 ended
  std::string cipher;    // "TLS_AES_256_GCM_SHA384"
  std::string subject;   // of the certificate, in the form of RFC 2253: hostile octets, at most 512
  std::string issuer;    // likewise; both empty without a certificate
};

class TlsSession {
 public:
  // `server_name` goes into the handshake where it is a name (RFC 6066 section 3) and no address.
  explicit TlsSession(const std::string& server_name);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  enum class State : std::uint8_t {
    kHandshake,
    kOpen,
    kClosed,  // the peer ended it in order
    kFailed,  // `failure`
  };
  State state() const { return state_; }

  // Takes octets from the wire and gives what the application gets out of them.
  std::vector<std::uint8_t> received(std::span<const std::uint8_t> octets);
  // Octets of the application; only while kOpen.
  void send(std::string_view octets);
  // Tells the peer that nothing more comes; only while kOpen.
  void close();
  // What is to go onto the wire now; the first call gives the ClientHello.
  std::vector<std::uint8_t> outgoing();

  // From kOpen on.
  const std::optional<TlsFacts>& facts() const { return facts_; }
  const std::string& failure() const { return failure_; }

 private:
  void advance();
  void fail(int result, std::string_view otherwise);

  struct Session;
  std::unique_ptr<Session> session_;
  State state_ = State::kHandshake;
  std::optional<TlsFacts> facts_;
  std::string failure_;
};

}  // namespace dauth::scanner
