#![allow(clippy::unwrap_used, reason = "tests")]
use super::schema::AttributeProto;
use super::*;
use proptest::prelude::*;

fn float(name: &str, dims: &[i64], data: &[f32]) -> TensorProto {
    TensorProto { name: name.into(), dims: dims.into(), data_type: FLOAT, float_data: data.into(), ..Default::default() }
}

fn node(op: &str, input: &[&str], output: &str) -> NodeProto {
    NodeProto {
        op_type: op.into(),
        name: format!("/{output}/{op}"),
        input: input.iter().map(|&s| s.into()).collect(),
        output: vec![output.into()],
        ..Default::default()
    }
}

fn read(initializer: Vec<TensorProto>, node: Vec<NodeProto>) -> Weights {
    let model = ModelProto { graph: Some(GraphProto { node, initializer }) };
    Weights::from_bytes(Path::new("m.onnx"), &model.encode_to_vec()).unwrap()
}

#[test]
fn an_anonymous_matrix_takes_its_name_from_the_bias_added_after_it() {
    let weights = read(
        vec![float("onnx::MatMul_1", &[1, 2], &[1.0, 2.0]), float("head.bias", &[2], &[0.0, 0.0])],
        vec![
            node("MatMul", &["x", "onnx::MatMul_1"], "a"),
            node("Cast", &["a"], "b"),
            node("Mul", &["b", "s"], "c"),
            node("Add", &["head.bias", "c"], "y"),
        ],
    );
    assert_eq!(weights.name_by_bias("onnx::MatMul_1").as_deref(), Some("head.weight"));
    assert_eq!(weights.name_by_bias("head.bias"), None);
}

#[test]
fn roundings_between_nodes_do_not_hide_a_bias() {
    let weights = read(
        vec![float("head.bias", &[2], &[0.0, 0.0])],
        vec![
            node("MatMul", &["x", "w"], "a"),
            node("QuantizeLinear", &["a", "s", "z"], "b"),
            node("DequantizeLinear", &["b", "s", "z"], "c"),
            node("Add", &["c", "head.bias"], "y"),
        ],
    );
    assert_eq!(weights.name_by_bias("w").as_deref(), Some("head.weight"));
}

#[test]
fn integers_of_32_bits_are_read_in_both_forms() {
    let tensor = |name: &str| TensorProto { name: name.into(), dims: vec![2], data_type: INT32, ..Default::default() };
    let listed = TensorProto { int32_data: vec![-70_000, 3], ..tensor("listed") };
    let raw = TensorProto { raw_data: [(-70_000_i32).to_le_bytes(), 3_i32.to_le_bytes()].concat(), ..tensor("raw") };
    let weights = read(vec![listed, raw, tensor("empty")], Vec::new());
    assert_eq!(weights.words("listed").unwrap().data, [-70_000, 3]);
    assert_eq!(weights.words("raw").unwrap().data, [-70_000, 3]);
    assert!(matches!(weights.words("empty"), Err(Error::Format { .. })));
}

#[test]
fn a_node_inside_a_branch_is_found_by_its_name() {
    let mut inner = node("MatMulInteger", &["x", "onnx::MatMul_1_quantized"], "y");
    inner.name = "/head/MatMul_quant".into();
    let branch = AttributeProto { graph: Some(GraphProto { node: vec![inner], initializer: vec![float("inner", &[1], &[3.0])] }) };
    let mut outer = node("If", &["condition"], "z");
    outer.attribute = vec![branch];
    let weights = read(Vec::new(), vec![outer]);
    assert_eq!(weights.inputs_of("/head/MatMul_quant").unwrap()[1], "onnx::MatMul_1_quantized");
    assert_eq!(weights.floats("inner").unwrap().data, [3.0]);
    assert!(weights.inputs_of("/tail/MatMul_quant").is_err());
}

#[test]
fn weights_are_found_by_the_node_that_uses_them() {
    let conv = node("Conv", &["x", "/Mul_output_0", "conv.bias"], "conv");
    let weights = read(vec![float("/Mul_output_0", &[1], &[1.0])], vec![conv]);
    assert_eq!(weights.operand("/conv/Conv", 1).unwrap(), "/Mul_output_0");
    for (name, index) in [("/conv/Conv", 0), ("/conv/Conv", 2), ("/conv/Conv", 3), ("/none/Conv", 1)] {
        assert!(matches!(weights.operand(name, index), Err(Error::Format { .. })), "{name} {index}");
    }
}

#[test]
fn a_matrix_in_steps_is_read_whether_its_bytes_have_a_sign_or_not() {
    let bytes = |name: &str, kind: i32, dims: &[i64], data: &[u8]| TensorProto {
        name: name.into(),
        dims: dims.into(),
        data_type: kind,
        raw_data: data.into(),
        ..Default::default()
    };
    let weights = read(
        vec![
            bytes("a_quantized", UINT8, &[2], &[0, 255]),
            bytes("a_zero_point", UINT8, &[], &[128]),
            float("a_scale", &[], &[0.5]),
            bytes("b_quantized", INT8, &[2], &[0x80, 127]),
            bytes("b_zero_point", INT8, &[], &[1]),
            float("b_scale", &[2], &[0.5, 0.5]),
            bytes("c_quantized", INT8, &[2], &[0x80, 127]),
            bytes("c_zero_point", INT8, &[], &[1]),
            float("c_scale", &[1], &[0.25]),
        ],
        Vec::new(),
    );
    assert_eq!(weights.steps("a_quantized").unwrap(), Steps { counts: Values { dims: vec![2], data: vec![-128, 127] }, step: 0.5 });
    assert_eq!(weights.steps("c_quantized").unwrap(), Steps { counts: Values { dims: vec![2], data: vec![-129, 126] }, step: 0.25 });
    assert!(matches!(weights.steps("b_quantized"), Err(Error::Format { .. })), "two scales");
    assert!(matches!(weights.steps("a_scale"), Err(Error::Format { .. })), "no matrix");
}

#[test]
fn a_tensor_whose_length_does_not_fit_its_dimensions_is_refused() {
    let weights = read(vec![float("short", &[2, 3], &[1.0]), float("huge", &[i64::MAX, 4], &[1.0])], Vec::new());
    assert!(matches!(weights.floats("short"), Err(Error::Format { .. })));
    assert!(matches!(weights.floats("huge"), Err(Error::Format { .. })));
    assert!(matches!(weights.bytes("short"), Err(Error::Format { .. })));
}

#[test]
fn transposing_turns_rows_into_columns() {
    let m = Values { dims: vec![2, 3], data: vec![1, 2, 3, 4, 5, 6] };
    assert_eq!(m.transposed(), Values { dims: vec![3, 2], data: vec![1, 4, 2, 5, 3, 6] });
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(weights) = Weights::from_bytes(Path::new("m.onnx"), &bytes) {
            for name in weights.names() {
                let _ = (weights.floats(name), weights.bytes(name), weights.unsigned_bytes(name), weights.words(name), weights.integers(name));
                let _ = weights.name_by_bias(name);
            }
        }
    }
}
