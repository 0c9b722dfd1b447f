#include "tests/support/smtp_listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace dauth::testing {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

constexpr std::chrono::milliseconds kDrip{5};

}  // namespace

struct SmtpListener::Tls {
  explicit Tls(int newest) {
    key = EVP_EC_gen("P-256");
    certificate = X509_new();
    require(key != nullptr && certificate != nullptr, "no certificate");
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* const name = X509_get_subject_name(certificate);
    const std::string common = "mail.test.example";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common.data()),
                               static_cast<int>(common.size()), -1, 0);
    X509_set_issuer_name(certificate, name);
    require(X509_sign(certificate, key, EVP_sha256()) > 0, "no signature");
    context = SSL_CTX_new(TLS_server_method());
    require(context != nullptr, "no TLS");
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    if (newest != 0) {
      SSL_CTX_set_max_proto_version(context, newest);
      SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0");
    }
    require(SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1,
            "no key");
  }
  ~Tls() {
    SSL_CTX_free(context);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  SSL_CTX* context = nullptr;
};

// One connection, in clear or within TLS. The socket has time-outs, so no peer holds the thread for ever.
struct SmtpListener::Stream {
  int descriptor = -1;
  SSL* tls = nullptr;
  std::string pending;

  ~Stream() {
    SSL_free(tls);
    close(descriptor);
  }

  bool write(std::string_view octets) const {
    if (tls != nullptr) return SSL_write(tls, octets.data(), static_cast<int>(octets.size())) > 0;
    return ::send(descriptor, octets.data(), octets.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(octets.size());
  }
  // What has come, nothing at the end.
  std::string read() const {
    std::array<char, 4096> buffer{};
    const ssize_t got = tls != nullptr ? SSL_read(tls, buffer.data(), static_cast<int>(buffer.size()))
                                       : recv(descriptor, buffer.data(), buffer.size(), 0);
    return got <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(got));
  }
  std::optional<std::string> line() {
    while (pending.find('\n') == std::string::npos) {
      const std::string more = read();
      if (more.empty()) return std::nullopt;
      pending += more;
    }
    const std::size_t end = pending.find('\n');
    std::string line = pending.substr(0, end);
    pending.erase(0, end + 1);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return line;
  }
};

SmtpListener::SmtpListener(SmtpScript script, const std::string& address, std::uint16_t port)
    : script_(std::move(script)), tls_(std::make_unique<Tls>(script_.newest_tls)) {
  sockaddr_storage native{};
  socklen_t length = 0;
  if (address.find(':') == std::string::npos) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(native);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    inet_pton(AF_INET, address.c_str(), &v4.sin_addr);
    length = sizeof v4;
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(native);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr);
    length = sizeof v6;
  }
  listening_ = socket(native.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listening_ < 0) fail("socket");
  const int on = 1;
  setsockopt(listening_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listening_, reinterpret_cast<const sockaddr*>(&native), length) != 0 ||
      listen(listening_, 16) != 0) {
    const int error = errno;
    close(listening_);
    throw std::system_error(error, std::generic_category(), "bind");
  }
  getsockname(listening_, reinterpret_cast<sockaddr*>(&native), &length);
  port_ = ntohs(native.ss_family == AF_INET ? reinterpret_cast<const sockaddr_in&>(native).sin_port
                                            : reinterpret_cast<const sockaddr_in6&>(native).sin6_port);
  stopping_ = eventfd(0, EFD_CLOEXEC);
  if (stopping_ < 0) fail("eventfd");
  thread_ = std::thread([this] { run(); });
}

SmtpListener::~SmtpListener() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stopping_, &one, sizeof one);
  thread_.join();
  close(listening_);
  close(stopping_);
}

int SmtpListener::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

std::vector<std::string> SmtpListener::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

std::string SmtpListener::server_name() const {
  const std::lock_guard lock(mutex_);
  return server_name_;
}

bool SmtpListener::is_stopped(std::chrono::milliseconds wait) const {
  pollfd watched{stopping_, POLLIN, 0};
  return poll(&watched, 1, static_cast<int>(wait.count())) > 0;
}

void SmtpListener::run() {
  // OpenSSL writes to sockets without MSG_NOSIGNAL.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  while (true) {
    std::array<pollfd, 2> watched{{{listening_, POLLIN, 0}, {stopping_, POLLIN, 0}}};
    if (poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[1].revents != 0) return;
    const int connection = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    {
      const std::lock_guard lock(mutex_);
      ++connections_;
    }
    serve(connection);
  }
}

bool SmtpListener::say(Stream& stream, const std::string& text) const {
  if (!script_.octet_by_octet) return text.empty() || stream.write(text);
  for (const char octet : text) {
    if (!stream.write(std::string_view(&octet, 1))) return false;
  }
  return true;
}

void SmtpListener::serve(int connection) {
  Stream stream{connection, nullptr, {}};
  const timeval limit{10, 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const int on = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto begin_tls = [&] {
    stream.tls = SSL_new(tls_->context);
    SSL_set_fd(stream.tls, connection);
    if (SSL_accept(stream.tls) != 1) return false;
    const char* const name = SSL_get_servername(stream.tls, TLSEXT_NAMETYPE_host_name);
    const std::lock_guard lock(mutex_);
    server_name_ = name == nullptr ? "" : name;
    return true;
  };
  // Until the peer has gone.
  const auto wait_for_end = [&] {
    while (!is_stopped(std::chrono::milliseconds(0)) && !stream.read().empty()) {
    }
  };
  switch (script_.manner) {
    case SmtpScript::Manner::kServes:
      break;
    case SmtpScript::Manner::kSaysNothing:
      return wait_for_end();
    case SmtpScript::Manner::kClosesAtOnce:
      return;
    case SmtpScript::Manner::kResetsAtOnce: {
      const linger at_once{1, 0};
      setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      return;
    }
    case SmtpScript::Manner::kDripsForEver:
      stream.write("220-");
      while (stream.write("x") && !is_stopped(kDrip)) {
      }
      return;
    case SmtpScript::Manner::kReadsNothing: {
      stream.write(script_.greeting);
      pollfd peer{connection, POLLRDHUP, 0};
      poll(&peer, 1, 10'000);
      return;
    }
  }
  if (script_.tls_from_start && !begin_tls()) return;
  if (!say(stream, script_.greeting)) return;
  while (auto line = stream.line()) {
    {
      const std::lock_guard lock(mutex_);
      commands_.push_back(*line);
    }
    if (line->starts_with("EHLO ")) {
      if (!say(stream, stream.tls != nullptr ? script_.ehlo_behind_tls : script_.ehlo)) return;
    } else if (*line == "STARTTLS") {
      if (!say(stream, script_.starttls)) return;
      if (script_.starttls.starts_with("220") && !begin_tls()) return;
    } else if (*line == "QUIT") {
      say(stream, script_.quit);
      return wait_for_end();
    } else if (!say(stream, "500 what?\r\n")) {
      return;
    }
  }
}

}  // namespace dauth::testing
