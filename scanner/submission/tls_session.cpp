#include "scanner/submission/tls_session.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

#include "scanner/record/ip_address.h"

namespace dauth::scanner {
namespace {

constexpr std::size_t kMostNameOctets = 512;
constexpr std::size_t kMostServerName = 255;

template <auto release>
struct Releaser {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
using Context = std::unique_ptr<SSL_CTX, Releaser<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Releaser<SSL_free>>;
using Memory = std::unique_ptr<BIO, Releaser<BIO_free_all>>;

void require(bool holds) {
  if (!holds) throw std::runtime_error("OpenSSL has no memory left for a session");
}

std::vector<std::uint8_t> taken_from(BIO* memory) {
  std::vector<std::uint8_t> octets(BIO_ctrl_pending(memory));
  if (octets.empty()) return octets;
  const int got = BIO_read(memory, octets.data(), static_cast<int>(octets.size()));
  octets.resize(static_cast<std::size_t>(std::max(got, 0)));
  return octets;
}

std::string text_of(const X509_NAME* name) {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(memory != nullptr);
  // Octets above ASCII stay as they are: whoever shows them makes them harmless.
  X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  const std::vector<std::uint8_t> octets = taken_from(memory.get());
  return {octets.begin(),
          octets.begin() + static_cast<std::ptrdiff_t>(std::min(octets.size(), kMostNameOctets))};
}

TlsFacts facts_of(const SSL* connection) {
  TlsFacts facts;
  facts.protocol = SSL_get_version(connection);
  facts.is_old = SSL_version(connection) < TLS1_2_VERSION;
  facts.cipher = SSL_get_cipher_name(connection);
  if (const X509* const certificate = SSL_get0_peer_certificate(connection)) {
    facts.subject = text_of(X509_get_subject_name(certificate));
    facts.issuer = text_of(X509_get_issuer_name(certificate));
  }
  return facts;
}

// A host that speaks in clear where TLS is due begins with a reply code; no TLS record begins with a digit.
bool is_plain_smtp(std::span<const std::uint8_t> octets) {
  return octets.size() >= 3 && std::all_of(octets.begin(), octets.begin() + 3,
                                           [](std::uint8_t octet) { return octet >= '0' && octet <= '9'; });
}

}  // namespace

struct TlsSession::Session {
  Context context;
  Connection connection;
  BIO* from_wire = nullptr;  // both owned by the connection
  BIO* to_wire = nullptr;
};

TlsSession::TlsSession(const std::string& server_name) : session_(std::make_unique<Session>()) {
  Session& session = *session_;
  session.context.reset(SSL_CTX_new(TLS_client_method()));
  require(session.context != nullptr);
  SSL_CTX_set_verify(session.context.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_min_proto_version(session.context.get(), TLS1_VERSION);
  require(SSL_CTX_set_cipher_list(session.context.get(), "DEFAULT:@SECLEVEL=0") == 1);
  SSL_CTX_set_options(session.context.get(), SSL_OP_NO_RENEGOTIATION);

  session.connection.reset(SSL_new(session.context.get()));
  require(session.connection != nullptr);
  Memory from_wire(BIO_new(BIO_s_mem()));
  Memory to_wire(BIO_new(BIO_s_mem()));
  require(from_wire != nullptr && to_wire != nullptr);
  session.from_wire = from_wire.get();
  session.to_wire = to_wire.get();
  SSL_set_bio(session.connection.get(), from_wire.release(), to_wire.release());
  SSL_set_connect_state(session.connection.get());

  std::string name = server_name;
  if (name.ends_with('.')) name.pop_back();
  const bool is_name = !name.empty() && name.size() <= kMostServerName &&
                       name.find('\0') == std::string::npos && !IpAddress::parse(name).has_value();
  // SSL_set_tlsext_host_name() without its cast of old style.
  if (is_name) {
    require(SSL_ctrl(session.connection.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                     name.data()) == 1);
  }
  advance();
}

TlsSession::~TlsSession() = default;

void TlsSession::fail(int result, std::string_view otherwise) {
  const int error = SSL_get_error(session_->connection.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
  if (error == SSL_ERROR_ZERO_RETURN) {
    state_ = State::kClosed;
    return;
  }
  const char* const reason = ERR_reason_error_string(ERR_peek_error());
  failure_ = reason != nullptr ? reason : otherwise;
  state_ = State::kFailed;
}

void TlsSession::advance() {
  ERR_clear_error();  // this thread's queue, in which errors of other sessions may stand
  const int result = SSL_do_handshake(session_->connection.get());
  if (result == 1) {
    state_ = State::kOpen;
    facts_ = facts_of(session_->connection.get());
  } else {
    fail(result, "the handshake failed");
    if (state_ == State::kClosed) {
      state_ = State::kFailed;
      failure_ = "the peer ended the handshake";
    }
  }
}

std::vector<std::uint8_t> TlsSession::received(std::span<const std::uint8_t> octets) {
  std::vector<std::uint8_t> plain;
  if (state_ == State::kClosed || state_ == State::kFailed || octets.empty()) return plain;
  if (state_ == State::kHandshake && is_plain_smtp(octets)) {
    state_ = State::kFailed;
    failure_ = "the host speaks SMTP without TLS";
    return plain;
  }
  require(BIO_write(session_->from_wire, octets.data(), static_cast<int>(octets.size())) ==
          static_cast<int>(octets.size()));
  if (state_ == State::kHandshake) advance();
  while (state_ == State::kOpen) {
    std::array<std::uint8_t, 4096> buffer{};
    ERR_clear_error();
    const int got = SSL_read(session_->connection.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (got <= 0) {
      fail(got, "the session broke");
      break;
    }
    plain.insert(plain.end(), buffer.begin(), buffer.begin() + got);
  }
  return plain;
}

void TlsSession::send(std::string_view octets) {
  if (state_ != State::kOpen || octets.empty()) return;
  ERR_clear_error();
  const int sent = SSL_write(session_->connection.get(), octets.data(), static_cast<int>(octets.size()));
  if (sent <= 0) fail(sent, "the session broke");
}

void TlsSession::close() {
  if (state_ == State::kOpen) SSL_shutdown(session_->connection.get());
}

std::vector<std::uint8_t> TlsSession::outgoing() {
  return taken_from(session_->to_wire);
}

}  // namespace dauth::scanner
