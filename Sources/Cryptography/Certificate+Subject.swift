import COpenSSL

extension Certificate {
  /// Whether both name the same subject, by the comparison of RFC 5280 §7.1: case and spaces make no difference.
  public func hasSameSubject(as other: Certificate) -> Bool {
    withX509 { left in
      other.withX509 { right in X509_NAME_cmp(X509_get_subject_name(left), X509_get_subject_name(right)) == 0 }
    }
  }
}
