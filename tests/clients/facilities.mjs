// The SDK's calls about facilities themselves; those about their carriers and stock are others.
import {
  FacilityServiceType,
  FacilityStatus,
  FftFacilityService,
  ModifyFacilityAction,
} from "@fulfillmenttools/fulfillmenttools-sdk-typescript";
import { attempt } from "./attempt.mjs";
import { client } from "./hub.mjs";

const facilities = new FftFacilityService(client);

const created = await facilities.createFacility({
  tenantFacilityId: "S 1",
  name: "Store",
  status: FacilityStatus.ONLINE,
  address: { companyName: "Store", street: "Main Street", houseNumber: "1", postalCode: "50667", city: "Cologne", country: "DE" },
  services: [{ type: FacilityServiceType.SHIPFROMSTORE }],
});
const id = await facilities.getFacilityId("S 1");
const updated = await facilities.updateFacility(id, {
  action: ModifyFacilityAction.ActionEnum.ModifyFacility,
  name: "Main store",
});
const read = await facilities.getFacility(id);
const stripped = await facilities.getStrippedFacility("S 1");
const listed = await facilities.get({ size: "5", status: ["ONLINE", "SUSPENDED"] });
const closed = await facilities.deleteFacility("S 1");
const offline = await facilities.getFacility(id);
const deleted = await facilities.deleteFacility("S 1", true);
const gone = await attempt(() => facilities.getFacility(id));

console.log(JSON.stringify({ created, id, updated, read, stripped, listed, closed, offline, deleted, gone }));
