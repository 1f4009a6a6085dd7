// One layer for Mantine, so that the app's own rules win wherever they stand.
import "@mantine/core/styles.layer.css";
import "./tokens.css";
import "./base.css";
