from tests.web.test_adoption import *
def test_q(ministry, capsys):
    adopt(ministry, version="2")
    a=ministry.client("Aizada")
    a.post("/drafts/1/report-problem", {"body":"x","lang":"en","wid":"art_2"})
    for url in ("/comments/1","/drafts/1/after","/drafts/1", "/desk/drafts/1"):
        c = a if not url.startswith("/desk") else ministry.client("Olga")
        c.get(url,budget=99)
        with capsys.disabled():
            print("\n==",url,len(c.statements))
            for s in c.statements: 
                f=s[s.index("FROM"):] if "FROM" in s else s
                print("  "," ".join(f.split())[:150])
