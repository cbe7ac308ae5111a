using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Tests.Profiling;

namespace IlgpuDistance.Gpu.Tests.Devices;

public sealed class PtxSourceTests
{
    [Fact]
    public void Only_branches_without_a_condition_are_called_uniform() => Assert.Equal(
        "@%p1 bra L_1;\n@!%p23 bra\tL_2;\nbra.uni L_3;",
        PtxSource.Complete("@%p1 bra.uni L_1;\n@!%p23 bra.uni\tL_2;\nbra.uni L_3;"));

    [Fact]
    public void In_no_kernel_a_condition_is_called_uniform() => Assert.All(
        AllKernels.Ptx, kernel =>
        {
            Assert.DoesNotMatch(@"@.*\.uni", kernel.Text);
            Assert.Contains("@%p", kernel.Text, StringComparison.Ordinal);
        });
}
