//! The device as a whole, which is read in one question: each would be one for polkit, too.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use switchhook::control::api;
use zbus::fdo::PropertiesProxy;
use zbus::names::InterfaceName;

use super::house::{Link, Properties, json_dict, text};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DeviceRow {
    pub version: String,
    #[serde(rename = "device")]
    pub name: String,
    pub since: String,
    pub ready: bool,
    pub rung: String,
    pub generation: u64,
    pub calls_at_once: u64,
    /// The models in use by their role.
    pub models: BTreeMap<String, String>,
    pub people: Vec<String>,
}

impl DeviceRow {
    fn read(properties: &Properties) -> Self {
        let told = json_dict(properties);
        let get = |name: &str| told.get(name).cloned().unwrap_or_default();
        Self {
            version: text(properties, "Version"),
            name: text(properties, "DeviceName"),
            since: text(properties, "Since"),
            ready: get("Ready") == Value::Bool(true),
            rung: text(properties, "Rung"),
            generation: get("Generation").as_u64().unwrap_or_default(),
            calls_at_once: get("CallsAtOnce").as_u64().unwrap_or_default(),
            models: serde_json::from_value(get("ModelsInUse")).unwrap_or_default(),
            people: serde_json::from_value(get("People")).unwrap_or_default(),
        }
    }
}

impl Link {
    /// The device.
    pub async fn device(&self) -> anyhow::Result<DeviceRow> {
        let object = PropertiesProxy::builder(&self.connection).destination(api::BUS_NAME).path(api::ROOT).build().await?;
        let told = object.get_all(InterfaceName::try_from(api::MANAGER)?).await;
        Ok(DeviceRow::read(&told.map_err(|error| self.explain(error.into()))?))
    }
}
