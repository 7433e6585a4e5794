extension PhoneRegion {
  /// The table of all regions that have a calling code, ascending by region.
  ///
  /// A row has nine columns, parted by spaces; the last four are left away where they are `-`, `-`,
  /// `00` and `-`:
  ///
  /// 1. region: ISO 3166-1 alpha-2, or `XK`
  /// 2. calling code
  /// 3. trunk prefixes: what stands before a number that is dialled inside the country, the one in
  ///    use first, then those that people still write; `-` or `zero` where there is none, `zero` if
  ///    the numbers themselves may begin with 0
  /// 4. usual lengths: from the example of a fixed line to that of a mobile, in digits
  /// 5. lengths of all fixed lines' and mobiles' numbers, without trunk prefix
  /// 6. lengths that only other numbers have: those of services, pagers and voice mail
  /// 7. lengths of local numbers, which lack the area's code
  /// 8. international prefix: what is dialled instead of `+`; one of them where it also chooses the
  ///    carrier
  /// 9. area code: what all local numbers of the region lack
  ///
  /// The facts are those of libphonenumber's metadata, release 9.0.43
  /// (github.com/google/libphonenumber, `PhoneNumberMetadata.xml`): columns 2, 3, 5, 6, 8 and 9 are
  /// its attributes, lengths and patterns; 4 are the lengths of its example numbers; 7 are its
  /// local-only lengths, and those that remain of fixed-line numbers of at most the usual length
  /// without the area's code. `PhoneReferenceTests` compares them with the release that is
  /// installed.
  ///
  /// The countries AQ, BV, GS, HM, PN, TF and UM have no code of their own; libphonenumber's AC and
  /// TA are no countries of ISO 3166-1.
  static let table = """
    AD 376 -      6     6,9       8
    AE 971 0      8-9   8,9       5-7,10-12 7
    AF 93  0      9     9         -         7
    AG 1   1      10    10        -         7       011  268
    AI 1   1      10    10        -         7       011  264
    AL 355 0      8-9   8,9       6,7       5-7
    AM 374 0      8     8         -         5,6
    AO 244 -      9     9
    AR 54  0      10-11 10,11     -         6-8
    AS 1   1      10    10        -         7       011  684
    AT 43  0      9-10  4-13      -         3-9
    AU 61  0      9     9         5-8,10,12 8       0011
    AW 297 -      7     7
    AX 358 0      9     6-10      5,11,12   4-7
    AZ 994 0      9     9         -         7
    BA 387 0      8     8,9       -         6
    BB 1   1      10    10        -         7       011  246
    BD 880 0      8-10  6-10      -         3-8
    BE 32  0      8-9   8,9       -         6,7
    BF 226 zero   8     8
    BG 359 0      7-8   6-9       12        4-7
    BH 973 -      8     8
    BI 257 -      8     8
    BJ 229 zero   10    10
    BL 590 0      9     9         -         6
    BM 1   1      10    10        -         7       011  441
    BN 673 -      7     7
    BO 591 0      8     8         9         7
    BQ 599 -      7     7
    BR 55  0      10-11 10,11     8,9       8,9     0021
    BS 1   1      10    10        -         7       011  242
    BT 975 -      7-8   7,8       -         6
    BW 267 zero   7-8   7,8       10
    BY 375 8/80/0 9     9         6-8,10,11 5-7     810
    BZ 501 zero   7     7         11
    CA 1   1      10    10        7         7       011
    CC 61  0      9     9         6-8,10,12 8       0011 8
    CD 243 0      7-9   7-10      -         5-7
    CF 236 -      8     8
    CG 242 zero   9     9
    CH 41  0      9     9         12        7
    CI 225 zero   10    10
    CK 682 -      5     5
    CL 56  -      9     9         10,11
    CM 237 -      9     9         8
    CN 86  0      10-11 7-11      12        5-8
    CO 57  0      10    8,10      11        4,7     009
    CR 506 -      8     8         10
    CU 53  0      8     6-8,10    -         4-7     119
    CV 238 -      7     7         -         -       0
    CW 599 -      8     7,8
    CX 61  0      9     9         6-8,10,12 8       0011 8
    CY 357 -      8     8
    CZ 420 -      9     9         10-12
    DE 49  0      8-11  5-15      4         2-9
    DJ 253 -      8     8
    DK 45  -      8     8
    DM 1   1      10    10        -         7       011  767
    DO 1   1      10    10        -         7       011
    DZ 213 0      8-9   8,9       -         6
    EC 593 0      8-9   8,9       10,11     7
    EE 372 -      7-8   7,8       10
    EG 20  0      9-10  8-10      -         6-8
    EH 212 0      9     9         -         8
    ER 291 0      7     7         -         6
    ES 34  -      9     9
    ET 251 0      9     9         -         7
    FI 358 0      9     5-10      11,12     4-8
    FJ 679 zero   7     7         11
    FK 500 -      5     5
    FM 691 -      7     7
    FO 298 -      6     6
    FR 33  0      9     9         -         8
    GA 241 zero   8     7,8
    GB 44  0      10    9,10      7         4-8
    GD 1   1      10    10        -         7       011  473
    GE 995 0      9     9         -         6,7
    GF 594 0      9     9         -         6
    GG 44  0      10    10        7,9       6       00   1481
    GH 233 0      9     9         8         7
    GI 350 -      8     8
    GL 299 -      6     6
    GM 220 -      7     7,9
    GN 224 -      8-9   8,9
    GP 590 0      9     9         -         6
    GQ 240 -      9     9
    GR 30  -      10    10        11,12
    GT 502 -      8     8         11
    GU 1   1      10    10        -         7       011  671
    GW 245 -      9     9         7
    GY 592 -      7     7         -         -       001
    HK 852 -      8     8         5-7,9,11
    HN 504 -      8     8         11
    HR 385 0      8-9   8,9       7         6,7
    HT 509 -      8     8
    HU 36  06     8-9   8,9       -         6,7
    ID 62  0      9     7-12      13-17     5-7     008
    IE 353 0      7-9   7-10      -         5-8
    IL 972 0      8-9   8,9,11,12 7,10      7
    IM 44  0      10    10        -         6       00   1624
    IN 91  0      10    10        8,9,11-13 5-8
    IO 246 -      7     7
    IQ 964 0      8-10  8-10      -         6,7
    IR 98  0      10    6,7,10    4,5       4,5,8
    IS 354 -      7     7,9
    IT 39  zero   10    6-12
    JE 44  0      10    10        -         6       00   1534
    JM 1   1      10    10        -         7       011
    JO 962 0      8-9   8,9       -         7
    JP 81  0      9-10  9,10      8,11-17   6-8     010
    KE 254 0      9     7-9       10        5-7     000
    KG 996 0      9     9         10        5,6
    KH 855 0      8     8,9       10        6,7     001
    KI 686 0      5-8   5,8
    KM 269 -      7     7         -         4
    KN 1   1      10    10        -         7       011  869
    KP 850 0      8-10  8,10      -         6,7
    KR 82  0      8-10  5,6,8-10  11-14     3,4,7,8 001
    KW 965 -      8     8         7
    KY 1   1      10    10        -         7       011  345
    KZ 7   8      10    10        14        5-7     810
    LA 856 0      8-10  8-10      -         6
    LB 961 0      7-8   7,8       -         6
    LC 1   1      10    10        -         7       011  758
    LI 423 0      7-9   7,9       -         4
    LK 94  0      9     9         -         6,7
    LR 231 0      8-9   7-9       -         6
    LS 266 -      8     8
    LT 370 0/8    8     8         -         5-7
    LU 352 -      8-9   4-11
    LV 371 -      8     8
    LY 218 0      9     9         -         7
    MA 212 0      9     9         -         8
    MC 377 0      8-9   8,9       -         6
    MD 373 0      8     8         -         5,6
    ME 382 0      8     8         9         6
    MF 590 0      9     9         -         6
    MG 261 0      9     9         -         7       00   20
    MH 692 1      7     7         -         4       011
    MK 389 0      8     8         -         6,7
    ML 223 -      8     8
    MM 95  0      7-8   6-10      -         5-7
    MN 976 0      8     8-10      -         4-6     001
    MO 853 zero   8     8         7
    MP 1   1      10    10        -         7       011  670
    MQ 596 0      9     9         -         6
    MR 222 -      8     8
    MS 1   1      10    10        -         7       011  664
    MT 356 -      8     8
    MU 230 -      8     7,8       10        -       020
    MV 960 -      7     7         10
    MW 265 0      7-9   7,9       -         6
    MX 52  -      10    10        -         7,8
    MY 60  0      9     8-10      -         6-8
    MZ 258 -      8-9   8,9
    NA 264 0      8-9   8,9       -         6,7
    NC 687 zero   6     6
    NE 227 zero   8     8
    NF 672 -      6     6         -         5       00   3
    NG 234 0      10    10        11-14     6,7     009
    NI 505 -      8     8
    NL 31  0      9     9,11      5-8,10    6,7
    NO 47  zero   8     8         5
    NP 977 0      8-10  8,10      11        6,7
    NR 674 -      7     7
    NU 683 -      4-7   4,7
    NZ 64  0      8-9   8-10      5-7       7
    OM 968 -      8     8         7,9
    PA 507 zero   7-8   7,8       10,11
    PE 51  0      8-9   8,9       -         6,7
    PF 689 -      8     8         6,9
    PG 675 -      7-8   7,8
    PH 63  0      9-10  6,8-10    11-13     4,5,7,8
    PK 92  0      10    9,10      8,11,12   5-8
    PL 48  -      9     7,9       6,8,10
    PM 508 0      6     6,9       -         4
    PR 1   1      10    10        -         7       011
    PS 970 0      8-9   8,9       10        7
    PT 351 -      9     9
    PW 680 -      7     7         -         -       011
    PY 595 0      9     7-9       6,10,11   5-7
    QA 974 zero   8     8         7,9,11
    RE 262 0      9     9         -         6
    RO 40  0      9     6,9       -         3,4,6,7
    RS 381 0      8-9   7-12      6         4-7
    RU 7   8      10    10        14        7       810
    RW 250 0      9     8,9       -         6
    SA 966 0      9     9         10        7
    SB 677 -      5-7   5,7
    SC 248 -      7     7
    SD 249 0      9     9         -         7
    SE 46  0      7-9   7-9       6,10,12   5-8
    SG 65  -      8     8         10,11     -       001
    SH 290 -      5     4,5
    SI 386 0      8     8         5-7       7
    SJ 47  zero   8     8         5
    SK 421 0      9     6,7,9     -         4-8
    SL 232 0      8     8         -         6
    SM 378 zero   8-10  8,10      -         6       00   0549
    SN 221 -      9     9
    SO 252 0      7-8   6-9       -         4,6
    SR 597 -      6-7   6,7
    SS 211 0      9     9         -         6
    ST 239 -      7     7
    SV 503 -      8     8         7,11
    SX 1   1      10    10        -         7       011  721
    SY 963 0      9     8,9       -         6,7
    SZ 268 zero   8     8         9
    TC 1   1      10    10        -         7       011  649
    TD 235 -      8     8
    TG 228 -      8     8
    TH 66  0      8-9   8,9       10,13     6,7     001
    TJ 992 zero   9     9         -         3,5-7   810
    TK 690 -      4     4-7
    TL 670 -      7-8   7,8
    TM 993 8      8     8         -         5,6     810
    TN 216 -      8     8
    TO 676 zero   5-7   5,7
    TR 90  0      10    10        7,12,13   7
    TT 1   1      10    10        -         7       011  868
    TV 688 -      5-6   5-7
    TW 886 0      9     8,9       7,10,11   5-8     002
    TZ 255 0      9     9         -         7       000
    UA 380 0      9     9         10        5-7
    UG 256 0      9     9         -         5-7     000
    US 1   1      10    10        -         7       011
    UY 598 0      8     8         4-7,9-13  4,7
    UZ 998 -      9     9
    VA 39  zero   10    6-11      12
    VC 1   1      10    10        -         7       011  784
    VE 58  0      10    10        -         7
    VG 1   1      10    10        -         7       011  284
    VI 1   1      10    10        -         7       011  340
    VN 84  0      9-10  9,10      7,8       7,8
    VU 678 -      5-7   5,7
    WF 681 -      6     6         9
    WS 685 -      5-7   5-7,10    -         -       0
    XK 383 0      8     8-12      -         6
    YE 967 0      7-9   7-9       -         6,7
    YT 262 0      9     9         -         6
    ZA 27  0      9     5-9       10        7
    ZM 260 0      9     9         -         6
    ZW 263 0      9     9         7,10      6,7
    """
}
