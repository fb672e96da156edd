import json, os
from collections import Counter
import httpx, hypothesis, pytest, schemathesis, jsonschema_rs
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from tests.fuzz.test_fuzz import CHECKS
from tests.server import Server, token
from tests.api_description.contract_schemas import _nullable
from tests.api.test_facilities import FACILITY
import pathlib; D=json.loads(pathlib.Path('/work/shared/spec/openapi.json').read_text())
OPS=[("GET","/api/facilities"),("POST","/api/facilities"),("GET","/api/facilities/{facilityId}"),("PATCH","/api/facilities/{facilityId}"),("PUT","/api/facilities/{facilityId}"),("DELETE","/api/facilities/{facilityId}"),("POST","/api/facilities/search")]
@pytest.fixture(scope="module")
def target(tmp_path_factory):
    folder=tmp_path_factory.mktemp("fuzz"); db=f"sqlite:///{folder}/o.db"
    with Server(db, folder/"server.log") as server:
        h={"Authorization":f"Bearer {token(db)}"}
        i=httpx.post(f"{server.url}/api/facilities",json=FACILITY,headers=h).json()["id"]
        yield server.url,h,schemathesis.openapi.from_url(f"{server.url}/openapi.json"),i
        t=(folder/"server.log").read_text()
        if "Traceback" in t: print(t[t.index("Traceback"):][:4000])
        assert "Traceback" not in t
@pytest.mark.parametrize("mode",[GenerationMode.POSITIVE,GenerationMode.NEGATIVE],ids=["fit","broken"])
@pytest.mark.parametrize("op",OPS,ids=" ".join)
def test_it(target,op,mode):
    url,h,schema,i=target
    m,p=op
    c=D["paths"][p][m.lower()].get("requestBody")
    v=None
    if c:
        s=_nullable({**c["content"]["application/json"]["schema"],"components":D["components"]})
        s=json.loads(json.dumps(s).replace('"oneOf": [{"$ref": "#/components/schemas/ManagedFacilityFor','"anyOf": [{"$ref": "#/components/schemas/ManagedFacilityFor'))
        v=jsonschema_rs.Draft4Validator(s,validate_formats=True)
    st=Counter(); msgs=Counter()
    @hypothesis.settings(max_examples=int(os.environ.get("N","60")),phases=[Phase.generate],suppress_health_check=list(HealthCheck),deadline=None)
    @hypothesis.given(case=schema[p][m].as_strategy(generation_mode=mode))
    def fire(case):
        if case.path_parameters and mode is GenerationMode.POSITIVE and m!="DELETE":
            case.path_parameters["facilityId"]=i
            if isinstance(case.body,dict): case.body["version"]=httpx.get(f"{url}/api/facilities/{i}",headers=h).json()["version"]
        a=case.call(base_url=url,headers=h)
        case.validate_response(a,checks=CHECKS)
        st[a.status_code]+=1
        if a.status_code==400:
            for f in a.json(): msgs[f["summary"].split(":")[-1][:70]]+=1
        if v is not None and a.status_code<300: assert v.is_valid(case.body), [e.message[:300] for e in v.iter_errors(case.body)]
    fire(); print(op,mode,dict(st)); print(msgs.most_common(12))
