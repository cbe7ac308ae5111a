using ILGPU;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>What the kernels of <see cref="NodeClampKernels{TKind}"/> are given.</summary>
/// <param name="Activations">a: [samples, Stride]</param>
/// <param name="Outputs">y of the stage without a clamp: [samples, OutputStride]</param>
/// <param name="Labels">[samples]</param>
/// <param name="Clamps">[clamps]</param>
/// <param name="Terms">[nodes, OutputStride]</param>
/// <param name="Correct">Right predictions: [slices, clamps].</param>
/// <param name="Before">f: the elementwise layers between the clamped layer and the stage.</param>
/// <param name="After">The elementwise layers behind the stage.</param>
/// <param name="SliceRows">Samples in a slice.</param>
/// <param name="Stride">Floats from one row of activations to the next.</param>
/// <param name="OutputStride">Values from one row of outputs, or of terms, to the next.</param>
/// <param name="Classes">Outputs of the stage.</param>
internal readonly record struct NodeClampArguments(
    ArrayView<float> Activations, ArrayView<float> Outputs, ArrayView<byte> Labels, ArrayView<Clamp> Clamps,
    ArrayView<NodeTerm> Terms, ArrayView<int> Correct, Activation Before, Activation After, int SliceRows, int Stride,
    int OutputStride, int Classes);

/// <summary>How an output of a stage reads one of its inputs; see <see cref="NodeResponse"/>.</summary>
/// <param name="Weight">a</param>
/// <param name="Point">p</param>
internal readonly record struct NodeTerm(float Weight, float Point);
