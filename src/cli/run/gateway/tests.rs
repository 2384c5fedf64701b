//! Where notices come in from a gateway on another machine.

use steps::PublicDoor;

use super::{Way, door_for};
use crate::exit::CommandError;
use crate::profile::Profile;

#[test]
fn a_gateway_on_another_machine_needs_a_door_that_it_reaches() {
    let mut profile = Profile::built_in().unwrap();
    let mut door = |gateway: &str, own: &str, public: Option<&str>| {
        profile.witness.notify_listen = own.parse().unwrap();
        profile.witness.public_url = public.map(str::to_owned);
        door_for(&profile, gateway.parse().unwrap())
    };
    let at = |at: &str, listen: &str| {
        Way::Public(PublicDoor { at: at.parse().unwrap(), listen: listen.parse().unwrap() })
    };
    let (near, far) = ("127.0.0.1:8090", "192.0.2.9:8090");
    for (gateway, own, public, wanted) in [
        (near, "127.0.0.1:8981", None, Way::Own),
        (near, "0.0.0.0:8981", None, Way::Own),
        (far, "127.0.0.1:8981", None, Way::None),
        (far, "0.0.0.0:8981", None, Way::None),
        (far, "192.0.2.5:8981", None, at("192.0.2.5:8981", "192.0.2.5")),
        (far, "0.0.0.0:8981", Some("http://192.0.2.7:80"), at("192.0.2.7:80", "0.0.0.0")),
        (near, "0.0.0.0:8981", Some("http://192.0.2.7"), at("192.0.2.7:80", "0.0.0.0")),
    ] {
        assert_eq!(door(gateway, own, public).unwrap(), wanted, "{gateway} {own} {public:?}");
    }
    let refused = door(far, "0.0.0.0:8981", Some("https://192.0.2.7")).unwrap_err();
    assert!(matches!(refused, CommandError::Unusable { .. }), "{refused}");
    assert!(refused.to_string().contains("in plain HTTP"), "{refused}");
}
