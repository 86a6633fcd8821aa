disks vdev=xvda,access=rw,target=/dev/loop0
guest attach rounds.xen 16 ""
more=""
says attach 'disk0 read' 2
xl block-detach attach xvda 2>&1
says attach 'has lost' 1
xl block-attach attach format=raw,vdev=xvda,access=rw,target=/dev/loop0 2>&1
says attach 'is connected' 2
says attach 'disk0 read' $(($(console attach | grep -c 'disk0 read') + 2))
xl destroy attach
console attach
