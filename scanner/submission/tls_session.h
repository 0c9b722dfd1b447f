// TlsSession: the client's end of one TLS connection (RFC 8446, RFC 5246) without a socket: octets of the
// wire go in and come out, and so do those of the application.
//
// Owns an OpenSSL session. No certificate is judged and nothing is sent but what the caller gives; old
// versions of the protocol are taken too, since the check tells what a host speaks. Errors: a failed
// handshake is a short phrase of OpenSSL's; std::system_error or std::bad_alloc where there is no memory.
#pragma once

#include <cstddef>
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
  std::string cipher;    // "TLS_AES_256_GCM_SHA384"
  std::string subject;   // of the certificate, RFC 4514; hostile octets, at most 512; empty without one
  std::string issuer;
  bool is_old = false;  // below TLS 1.2 (RFC 8996)
};

class TlsSession {
 public:
  // `server_name` goes into the handshake where it is a name (RFC 6066 section 3), not an address.
  explicit TlsSession(const std::string& server_name);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  enum class State : std::uint8_t { kHandshake, kOpen, kClosed, kFailed };
  State state() const;

  // Octets from the wire in, and what the application gets out of them.
  std::vector<std::uint8_t> received(std::span<const std::uint8_t> octets);
  // Octets of the application; only while kOpen.
  void send(std::string_view octets);
  // What is to go onto the wire now; the first call gives the ClientHello.
  std::vector<std::uint8_t> outgoing();

  // Of kOpen and later.
  const std::optional<TlsFacts>& facts() const;
  // Of kFailed.
  const std::string& failure() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dauth::scanner
