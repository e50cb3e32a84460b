"""
Filing: what goes to the authority afterwards, and what is kept for the years after.

A statutory form (备案表, 汇总表) is a `StatutoryForm`: one TOML file in config/forms, no Python.
The certificate number (证书编号) follows 辽人社〔2020〕22号 附件5; an approval (审核通过) names
the person at the authority. The archive (归档) is a `Bundle`: the batch in the five folders of
以认定批次为单位建档, with the trace, its proofs and a verifier, kept for its retention period
(保管期限: paper 3 years, electronic 5, GS-32). Serves GS-23, GS-24, GS-32, HE-09, HE-15 to
HE-17, HE-20, LN-15 to LN-18. Looks back at every room; no room looks at this one.
"""
